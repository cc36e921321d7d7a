package dev.keywright.benchmarks.coherence;

import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A defect that a node can be given, to see that it is found. */
enum Planted {
    NONE,

    /** Who writes does not wait for those who cache. */
    NO_WAIT {
        @Override
        Object answer(Object answer) {
            if (answer instanceof WriteResult written) {
                return written.withLease(Duration.ZERO);
            }
            return answer instanceof BulkWriteResult all ? all.withLease(Duration.ZERO) : answer;
        }
    },

    /** Who caches does not hear which keys have changed. */
    DEAF {
        @Override
        Changes heard(Changes changes) {
            return Changes.none(changes.head(), changes.lease());
        }
    },

    /** Who caches takes its lease for longer than it is: it shows only while it cannot poll. */
    LONG_LEASE {
        @Override
        Changes heard(Changes changes) {
            return Changes.of(
                    changes.through(),
                    changes.head(),
                    changes.lease().multipliedBy(LONGER),
                    changes.keys(),
                    changes.tenants(),
                    changes.inserted());
        }
    },

    /** Look-ups go to something that is behind, as a replica is. */
    BEHIND {
        @Override
        LookupSnapshot find(KeyStore store, Digest digest, Map<Digest, Seen> memory) {
            Seen seen = memory.compute(
                    digest,
                    (same, before) -> before != null && System.nanoTime() - before.at < BEHIND_NANOS
                            ? before
                            : new Seen(
                                    System.nanoTime(),
                                    store.findByDigest(digest).key()));
            // The revision is not behind: else it would be refused.
            return LookupSnapshot.of(seen.found, Long.MAX_VALUE);
        }
    },

    /** Look-ups miss a key now and then. */
    FORGETFUL {
        @Override
        LookupSnapshot find(KeyStore store, Digest digest, Map<Digest, Seen> memory) {
            LookupSnapshot found = store.findByDigest(digest);
            return System.nanoTime() % ONE_IN_SO_MANY_IS_MISSED == 0
                    ? LookupSnapshot.of(Optional.empty(), found.revision())
                    : found;
        }
    };

    private static final int ONE_IN_SO_MANY_IS_MISSED = 5;
    private static final int LONGER = 6;
    private static final long BEHIND_NANOS = Duration.ofSeconds(1).toNanos();

    /** What was found, and when. */
    record Seen(long at, Optional<StoredKey> found) {}

    /** What comes of a look-up; the memory is the node's, and empty at first. */
    LookupSnapshot find(KeyStore store, Digest digest, Map<Digest, Seen> memory) {
        return store.findByDigest(digest);
    }

    /** What becomes of the answer to any other call. */
    Object answer(Object answer) {
        return answer instanceof ChangeFeed heartbeat ? new Listening(heartbeat, this) : answer;
    }

    /** What is heard of a poll. */
    Changes heard(Changes changes) {
        return changes;
    }

    /** A heartbeat of which not everything is heard. */
    private record Listening(ChangeFeed heartbeat, Planted planted) implements ChangeFeed {

        @Override
        public Changes poll(long applied, int limit) {
            return planted.heard(heartbeat.poll(applied, limit));
        }

        @Override
        public void close() {
            heartbeat.close();
        }
    }
}
