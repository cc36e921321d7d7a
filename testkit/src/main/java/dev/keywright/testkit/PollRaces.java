package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.Threads.atOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.spi.Heartbeat;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class PollRaces extends ContractPart {

    private static final Duration LEASE = Duration.ofMillis(40);
    private static final int NODES = 8;
    private static final int WRITERS = 7;
    private static final int WRITES = 30;
    private static final int PLENTY = 1000;

    PollRaces(Supplier<KeyStore> made) {
        super(made);
    }

    /** A write to a key, at a revision. */
    private record Change(KeyId id, long revision) {}

    @Test
    void givesAllWhoBeginAtOnceOneLeaseAndEachWriteThatBeginsAfterwardsToo() throws Exception {
        List<Duration> leases = atOnce(NODES, i -> {
            try (Heartbeat begun = store.beginCaching(Duration.ofMillis(10L + i))) {
                Duration waitedFor =
                        store.revoke(NORTH, KeyId.of("nobodys"), REVOCATION).lease();
                assertThat(begun.poll(0, 1).lease()).isEqualTo(waitedFor);
                return waitedFor;
            }
        });

        assertThat(new HashSet<>(leases)).singleElement().isNotEqualTo(Duration.ZERO);
    }

    @Test
    void tellsOfEachWriteUpToTheRevisionThatItTellsOf() throws Exception {
        Queue<Change> changes = new ConcurrentLinkedQueue<>();
        List<Poll> polls = new ArrayList<>();
        AtomicInteger writing = new AtomicInteger(WRITERS);

        atOnce(WRITERS + 1, i -> i == WRITERS ? follow(writing, polls) : write(writing, changes));

        long applied = 0;
        for (Poll poll : polls) {
            long since = applied;
            Set<KeyId> told = new HashSet<>(poll.changed());
            assertThat(poll.revision()).isGreaterThanOrEqualTo(since);
            assertThat(changes)
                    .filteredOn(change -> change.revision() > since && change.revision() <= poll.revision())
                    .allSatisfy(change -> assertThat(told).contains(change.id()));
            applied = poll.revision();
        }
        assertThat(changes).hasSize(WRITERS * WRITES).allMatch(change -> change.revision() <= last(polls));
    }

    @Test
    void neverTellsOfARevisionBeforeOneWhoseWriteHasReturned() throws Exception {
        AtomicLong returned = new AtomicLong();
        AtomicInteger writing = new AtomicInteger(WRITERS);

        List<Long> behind = atOnce(WRITERS + 1, i -> {
            if (i < WRITERS) {
                for (int n = 0; n < WRITES; n++) {
                    long revision =
                            store.revoke(NORTH, KeyId.of("nobodys"), REVOCATION).revision();
                    returned.accumulateAndGet(revision, Math::max);
                }
                writing.decrementAndGet();
                return 0L;
            }
            long worst = 0;
            try (Heartbeat heartbeat = store.beginCaching(LEASE)) {
                while (writing.get() > 0) {
                    long before = returned.get();
                    worst = Math.max(worst, before - heartbeat.poll(before, 1).revision());
                }
            }
            return worst;
        });

        assertThat(behind).allMatch(worst -> worst <= 0);
    }

    private Integer write(AtomicInteger writing, Queue<Change> changes) {
        for (int n = 0; n < WRITES / 3; n++) {
            StoredKey key = samples.unsaved(NORTH);
            Written inserted = store.insert(key, KeyStore.UNLIMITED, NOW);
            Written changed = store.change(inserted.key().orElseThrow().key(), NOW);
            Written revoked = store.revoke(NORTH, key.key().id(), REVOCATION);
            for (Written written : List.of(inserted, changed, revoked)) {
                changes.add(new Change(key.key().id(), written.revision()));
            }
        }
        return writing.decrementAndGet();
    }

    private Integer follow(AtomicInteger writing, List<Poll> polls) {
        try (Heartbeat heartbeat = store.beginCaching(LEASE)) {
            boolean last;
            do {
                last = writing.get() == 0;
                polls.add(heartbeat.poll(last(polls), PLENTY));
            } while (!last);
        }
        return polls.size();
    }

    private static long last(List<Poll> polls) {
        return polls.isEmpty() ? 0 : polls.get(polls.size() - 1).revision();
    }
}
