package dev.keywright.benchmarks.kit;

import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A heartbeat by which a node can be made to flush its cache, as if the revision had gone back.
 *
 * @param heartbeat the real one
 * @param flush set to make the next poll flush; the poll clears it
 */
public record Flushable(ChangeFeed heartbeat, AtomicBoolean flush) implements ChangeFeed {

    @Override
    public Changes poll(long applied, int limit) {
        Changes answer = heartbeat.poll(applied, limit);
        return flush.getAndSet(false)
                ? Changes.of(applied - 1, applied - 1, answer.lease(), List.of(), List.of(), true)
                : answer;
    }

    @Override
    public void close() {
        heartbeat.close();
    }
}
