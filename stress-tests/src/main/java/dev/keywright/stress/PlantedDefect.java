package dev.keywright.stress;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Defects that a store can be given, to prove that a run finds them. The first five break the cache's protocol, the others the
 * store's contract.
 */
enum PlantedDefect {
    NONE(store -> store),

    /** The store reports no lease to writers, so that they do not wait for caches. */
    NO_WAIT(store -> new DefectiveStore(store) {
        @Override
        public WriteResult change(ApiKey changed, Instant now) {
            return super.change(changed, now).withLease(Duration.ZERO);
        }

        @Override
        public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
            return super.replace(changed, successor, now).withLease(Duration.ZERO);
        }

        @Override
        public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
            return super.revoke(tenant, id, revocation).withLease(Duration.ZERO);
        }

        @Override
        public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
            return super.revokeAll(tenant, revocation).withLease(Duration.ZERO);
        }
    }),

    /** The change feed does not report which keys changed. */
    DEAF(store -> new DefectiveStore(store) {
        @Override
        public ChangeFeed openChangeFeed(Duration lease) {
            return new DefectiveFeed(
                    super.openChangeFeed(lease), changes -> Changes.none(changes.head(), changes.lease()));
        }
    }),

    /** The change feed grants a lease six times as long, which shows only while polls fail. */
    LONG_LEASE(store -> new DefectiveStore(store) {
        @Override
        public ChangeFeed openChangeFeed(Duration lease) {
            return new DefectiveFeed(
                    super.openChangeFeed(lease),
                    changes -> Changes.of(
                            changes.through(),
                            changes.head(),
                            changes.lease().multipliedBy(6),
                            changes.keys(),
                            changes.tenants(),
                            changes.inserted()));
        }
    }),

    /** Lookups return the state of up to a second ago, as a replica does. */
    BEHIND(store -> new DefectiveStore(store) {
        private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final Map<Digest, Seen> seen = new ConcurrentHashMap<>();

        @Override
        public LookupSnapshot findByDigest(Digest digest) {
            Seen last = seen.compute(
                    digest,
                    (key, before) -> before != null && System.nanoTime() - before.at < DELAY_NANOS
                            ? before
                            : new Seen(
                                    System.nanoTime(), super.findByDigest(key).key()));
            // The cache would refuse the true revision.
            return LookupSnapshot.of(last.found, Long.MAX_VALUE);
        }
    }),

    /** One in five lookups misses the key. */
    FORGETFUL(store -> new DefectiveStore(store) {
        @Override
        public LookupSnapshot findByDigest(Digest digest) {
            LookupSnapshot found = super.findByDigest(digest);
            return ThreadLocalRandom.current().nextInt(5) == 0
                    ? LookupSnapshot.of(Optional.empty(), found.revision())
                    : found;
        }
    }),

    /**
     * A change is applied to the present version, whichever it was made for: lost updates. A change waits until another one for
     * the same version arrives, so that the two always meet.
     */
    UNCHECKED_VERSION(store -> new DefectiveStore(store) {
        private static final long MAX_WAIT_MILLIS = 500;

        private final Map<Map.Entry<KeyId, Long>, CountDownLatch> pairs = new ConcurrentHashMap<>();

        @Override
        public WriteResult change(ApiKey changed, Instant now) {
            awaitOther(Map.entry(changed.id(), changed.version()));
            long version = changed.version();
            WriteResult result = super.change(changed, now);
            while (!result.changed() && isOther(version, result)) {
                version = result.key().orElseThrow().key().version();
                result = super.change(
                        StoredValues.keyBuilder(changed).version(version).build(), now);
            }
            return result;
        }

        private static boolean isOther(long version, WriteResult result) {
            return result.key().filter(row -> row.key().version() != version).isPresent();
        }

        private void awaitOther(Map.Entry<KeyId, Long> version) {
            CountDownLatch pair = pairs.computeIfAbsent(version, each -> new CountDownLatch(2));
            pair.countDown();
            try {
                // Bounded, since most changes have no rival. Either way, the change is made.
                boolean unused = pair.await(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }),

    /** A rotation leaves the old key active. */
    ROTATED_KEY_STAYS_ACTIVE(store -> new DefectiveStore(store) {
        @Override
        public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
            ApiKey active = StoredValues.keyBuilder(changed)
                    .expiresAt(null)
                    .revocation(null)
                    .build();
            return super.replace(active, successor, now);
        }
    }),

    /** A revocation is acknowledged and not stored. */
    LOST_REVOCATION(store -> new DefectiveStore(store) {
        @Override
        public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
            return find(tenant, id)
                    .key()
                    .map(key -> WriteResult.changed(revoked(key, revocation), 0, Duration.ZERO))
                    .orElseGet(() -> WriteResult.unchanged(Optional.empty(), 0, Duration.ZERO));
        }

        private static StoredKey revoked(StoredKey key, Revocation revocation) {
            return key.key().revocation().isPresent()
                    ? key
                    : key.changed(
                            StoredValues.keyBuilder(key.key())
                                    .version(key.key().version() + 1)
                                    .revocation(revocation)
                                    .build(),
                            0);
        }
    }),

    /** Revoking all keys of a tenant misses the last one of its list. */
    INCOMPLETE_REVOKE_ALL(store -> new DefectiveStore(store) {
        @Override
        public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
            List<StoredKey> keys = list(KeySelection.of(tenant, KeyQuery.active(), revocation.at(), Integer.MAX_VALUE));
            BulkWriteResult all = BulkWriteResult.of(0, 0, Duration.ZERO);
            for (StoredKey key : keys.subList(0, Math.max(0, keys.size() - 1))) {
                WriteResult one = revoke(tenant, key.key().id(), revocation);
                all = BulkWriteResult.of(all.changed() + (one.changed() ? 1 : 0), one.revision(), one.lease());
            }
            return all;
        }
    }),

    /** Each page of a list starts with the last key of the page before. */
    OVERLAPPING_PAGES(store -> new DefectiveStore(store) {
        @Override
        public List<StoredKey> list(KeySelection selection) {
            return super.list(selection.after(selection
                    .after()
                    .map(after -> ListPosition.at(after.time().orElseThrow(), after.insertRevision() - 1))
                    .orElse(null)));
        }
    }),

    /** Usage is recorded twice. */
    DOUBLE_USAGE(store -> new DefectiveStore(store) {
        @Override
        public Optional<UsageStore> usageStore() {
            return super.usageStore().map(usageStore -> new UsageStore() {
                @Override
                public void recordUsage(List<UsageDelta> usage) {
                    usageStore.recordUsage(usage);
                    usageStore.recordUsage(usage);
                }

                @Override
                public List<StoredKey> claimExpiring(Instant now, Duration warning, int limit) {
                    return usageStore.claimExpiring(now, warning, limit);
                }
            });
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
    private final UnaryOperator<KeyStore> plant;

    PlantedDefect(UnaryOperator<KeyStore> plant) {
        this.plant = plant;
    }

    /** {@return the store with this defect} */
    KeyStore plantIn(KeyStore store) {
        return plant.apply(store);
    }

    private abstract static class DefectiveStore extends ForwardingKeyStore {

        private final KeyStore store;

        DefectiveStore(KeyStore store) {
            this.store = store;
        }

        @Override
        protected KeyStore delegate() {
            return store;
        }
    }

    private record DefectiveFeed(ChangeFeed feed, UnaryOperator<Changes> defect) implements ChangeFeed {

        @Override
        public Changes poll(long applied, int limit) {
            return defect.apply(feed.poll(applied, limit));
        }

        @Override
        public void close() {
            feed.close();
        }
    }

    /** The result of a lookup, and when it was made. */
    private record Seen(long at, Optional<StoredKey> found) {}
}
