package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.Threads.inParallel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
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

abstract class ChangeFeedRaces extends ContractPart {

    private static final Duration LEASE = Duration.ofMillis(40);
    private static final int NODES = 8;
    private static final int WRITERS = 7;
    private static final int WRITES = 30;
    private static final int LIMIT = 1000;

    ChangeFeedRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    /** A write, and its subjects, of which a poll lists at least one: a key deleted since then is covered by its tenant. */
    private record Write(Set<Object> subjects, long revision) {}

    @Test
    void concurrentFeedsAndLaterWritesShareOneLease() throws Exception {
        List<Duration> leases = inParallel(NODES, i -> {
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(10L + i))) {
                Duration waitedFor =
                        store.revoke(NORTH, KeyId.of("unknown"), REVOCATION).lease();
                assertThat(feed.poll(0, LIMIT).lease()).isEqualTo(waitedFor);
                return waitedFor;
            }
        });

        assertThat(new HashSet<>(leases)).singleElement().isNotEqualTo(Duration.ZERO);
    }

    @Test
    void pollListsEveryWriteUpToItsRevision() throws Exception {
        Queue<Write> writes = new ConcurrentLinkedQueue<>();
        List<Changes> polls = new ArrayList<>();
        AtomicInteger writing = new AtomicInteger(WRITERS);

        inParallel(WRITERS + 1, i -> i == WRITERS ? follow(writing, polls) : write(i, writing, writes));

        long applied = 0;
        for (Changes poll : polls) {
            long since = applied;
            Set<Object> reported = new HashSet<>(poll.keys());
            reported.addAll(poll.tenants());
            assertThat(poll.through()).isGreaterThanOrEqualTo(since);
            assertThat(writes)
                    .filteredOn(write -> write.revision() > since && write.revision() <= poll.through())
                    .allSatisfy(write -> assertThat(reported).containsAnyElementsOf(write.subjects()));
            applied = poll.through();
        }
        assertThat(writes).hasSize(WRITERS * WRITES).allMatch(write -> write.revision() <= last(polls));
    }

    @Test
    void pollNeverLagsBehindReturnedWrites() throws Exception {
        AtomicLong returned = new AtomicLong();
        AtomicInteger writing = new AtomicInteger(WRITERS);

        List<Long> lags = inParallel(WRITERS + 1, i -> {
            if (i < WRITERS) {
                for (int n = 0; n < WRITES; n++) {
                    long revision =
                            store.revoke(NORTH, KeyId.of("unknown"), REVOCATION).revision();
                    returned.accumulateAndGet(revision, Math::max);
                }
                writing.decrementAndGet();
                return 0L;
            }
            long worst = 0;
            try (ChangeFeed feed = store.openChangeFeed(LEASE)) {
                while (writing.get() > 0) {
                    long before = returned.get();
                    worst = Math.max(worst, before - feed.poll(before, LIMIT).head());
                }
            }
            return worst;
        });

        assertThat(lags).allMatch(worst -> worst <= 0);
    }

    private Integer write(int writer, AtomicInteger writing, Queue<Write> writes) {
        TenantId tenant = TenantId.of("tenant " + writer);
        for (int n = 0; n < WRITES / 3; n++) {
            StoredKey key = samples.unsaved(tenant);
            KeyId id = key.key().id();
            WriteResult inserted = store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);
            WriteResult changed = store.change(inserted.key().orElseThrow().key(), NOW);
            writes.add(new Write(Set.of(id, tenant), changed.revision()));
            writes.add(new Write(
                    Set.of(tenant), store.revokeAll(tenant, REVOCATION).revision()));
            writes.add(new Write(Set.of(tenant), store.purgeTenant(tenant, 10).revision()));
        }
        return writing.decrementAndGet();
    }

    private Integer follow(AtomicInteger writing, List<Changes> polls) {
        try (ChangeFeed feed = store.openChangeFeed(LEASE)) {
            boolean last;
            do {
                last = writing.get() == 0;
                polls.add(feed.poll(last(polls), LIMIT));
            } while (!last);
        }
        return polls.size();
    }

    private static long last(List<Changes> polls) {
        return polls.isEmpty() ? 0 : polls.get(polls.size() - 1).through();
    }
}
