package dev.keywright.core.cache;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.issue;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Suspension;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Metronome;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A suspension and its end take effect on two caching nodes that do not poll meanwhile: time passes for them only while the writer
 * waits at its barrier.
 */
@Timeout(60)
class CachedSuspensionTest {

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final List<Metronome> times = List.of(new Metronome(), new Metronome());
    private final List<ApiKeys> nodes = times.stream()
            .map(time -> fixture.builder(store, time).cache(100).build())
            .toList();
    private final TenantKeys north =
            fixture.builder(store, new WriterTime()).build().managedBy(ADMIN);
    private final IssuedKey issued = issue(north, "read:people");
    private final KeyId id = issued.key().id();

    /** Time of the writer, whose sleep is the time that passes on all nodes. */
    private final class WriterTime implements MonotonicTime {

        private long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) {
            now += nanos;
            times.forEach(time -> time.later(Duration.ofNanos(nanos)));
        }
    }

    CachedSuspensionTest() throws InterruptedException {
        for (Metronome time : times) {
            time.awaitPoll();
        }
    }

    private void poll() throws InterruptedException {
        for (Metronome time : times) {
            time.poll();
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(ApiKeys::close);
    }

    @Test
    void noNodeAcceptsASuspendedKeyFromItsCache() throws Exception {
        assertOutcomes("VERIFIED");
        assertCached(1);

        north.suspend(id, "traffic at night");

        assertOutcomes("SUSPENDED");
        poll();
        assertOutcomes("SUSPENDED");
        assertCached(1);
        assertOutcomes("SUSPENDED");
    }

    @Test
    void everyNodeAcceptsAResumedKeyThatWasCachedAsSuspended() throws Exception {
        north.suspend(id, "");
        poll();
        assertOutcomes("SUSPENDED");
        assertCached(1);

        north.resume(id);

        assertOutcomes("VERIFIED");
        poll();
        assertOutcomes("VERIFIED");
    }

    @Test
    void repeatedSuspensionWaitsForTheCaches() {
        assertOutcomes("VERIFIED");
        // Committed by a writer that failed before its barrier.
        store.suspend(
                ADMIN.tenant(), id, new Suspension(fixture.now(), issued.key().createdBy(), ""), fixture.now());
        assertOutcomes("VERIFIED");

        north.suspend(id, "");

        assertOutcomes("SUSPENDED");
    }

    private void assertOutcomes(String expected) {
        assertThat(nodes)
                .allSatisfy(
                        node -> assertThat(outcome(node.verify(issued.secret().reveal())))
                                .isEqualTo(expected));
    }

    private void assertCached(long expected) {
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.operatedBy(new Job("test"))
                                .cacheStats()
                                .orElseThrow()
                                .keys())
                        .isEqualTo(expected));
    }
}
