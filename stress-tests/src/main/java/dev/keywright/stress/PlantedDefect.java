package dev.keywright.stress;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
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

/**
 * Defects that a store can be given, to prove that a run finds them. The first five break the cache's protocol, the others the
 * store's contract.
 */
enum PlantedDefect {
    NONE(""),

    /** The store reports no lease to writers, so that they do not wait for caches. */
    NO_WAIT("") {
        @Override
        Object result(Object result) {
            if (result instanceof WriteResult written) {
                return written.withLease(Duration.ZERO);
            }
            return result instanceof BulkWriteResult all ? all.withLease(Duration.ZERO) : result;
        }
    },

    /** The change feed does not report which keys changed. */
    DEAF("") {
        @Override
        Changes changes(Changes changes) {
            return Changes.none(changes.head(), changes.lease());
        }
    },

    /** The change feed grants a lease six times as long, which shows only while polls fail. */
    LONG_LEASE("") {
        @Override
        Changes changes(Changes changes) {
            return Changes.of(
                    changes.through(),
                    changes.head(),
                    changes.lease().multipliedBy(6),
                    changes.keys(),
                    changes.tenants(),
                    changes.inserted());
        }
    },

    /** Lookups return what was there up to a second ago, as a replica does. */
    BEHIND("findByDigest") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            Seen seen = (Seen) memory.compute(
                    given[0],
                    (digest, before) -> before instanceof Seen recent && System.nanoTime() - recent.at < BEHIND_NANOS
                            ? before
                            : new Seen(
                                    System.nanoTime(),
                                    store.findByDigest((Digest) digest).key()));
            // The real revision would be refused by the cache.
            return LookupSnapshot.of(seen.found, Long.MAX_VALUE);
        }
    },

    /** One in five lookups misses the key. */
    FORGETFUL("findByDigest") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            LookupSnapshot found = store.findByDigest((Digest) given[0]);
            return System.nanoTime() % 5 == 0 ? LookupSnapshot.of(Optional.empty(), found.revision()) : found;
        }
    },

    /** A change is applied to whatever version there is: lost updates. */
    UNCHECKED_VERSION("change") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ApiKey changed = (ApiKey) given[0];
            Optional<StoredKey> now = store.find(changed.tenant(), changed.id()).key();
            long version = now.map(key -> key.key().version()).orElse(changed.version());
            return store.change(
                    StoredValues.keyBuilder(changed).version(version).build(), (Instant) given[1]);
        }
    },

    /** A rotation leaves the old key active. */
    ROTATED_KEY_STAYS_ACTIVE("replace") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ApiKey endless = StoredValues.keyBuilder(((ApiKey) given[0]))
                    .expiresAt(null)
                    .revocation(null)
                    .build();
            return store.replace(endless, (StoredKey) given[1], (Instant) given[2]);
        }
    },

    /** A revocation is acknowledged and not stored. */
    LOST_REVOCATION("revoke") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            return store.find((TenantId) given[0], (KeyId) given[1])
                    .key()
                    .map(key -> WriteResult.changed(revoked(key, (Revocation) given[2]), 0, Duration.ZERO))
                    .orElseGet(() -> WriteResult.unchanged(Optional.empty(), 0, Duration.ZERO));
        }

        private StoredKey revoked(StoredKey key, Revocation revocation) {
            return key.key().revocation().isPresent()
                    ? key
                    : key.changed(
                            StoredValues.keyBuilder(key.key())
                                    .version(key.key().version() + 1)
                                    .revocation(revocation)
                                    .build(),
                            0);
        }
    },

    /** Revoking all keys of a tenant misses the oldest one. */
    INCOMPLETE_REVOKE_ALL("revokeAll") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            TenantId tenant = (TenantId) given[0];
            Revocation revocation = (Revocation) given[1];
            WriteResult last = null;
            long changed = 0;
            List<StoredKey> keys =
                    store.list(tenant, ApiKey.State.ACTIVE, null, revocation.at(), null, Integer.MAX_VALUE);
            for (StoredKey key : keys.subList(0, Math.max(0, keys.size() - 1))) {
                last = store.revoke(tenant, key.key().id(), revocation);
                changed += last.changed() ? 1 : 0;
            }
            return last == null
                    ? BulkWriteResult.of(0, 0, Duration.ZERO)
                    : BulkWriteResult.of(changed, last.revision(), last.lease());
        }
    },

    /** Each page of a list starts with the last key of the page before. */
    OVERLAPPING_PAGES("list") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ListPosition after = (ListPosition) given[4];
            return store.list(
                    (TenantId) given[0],
                    (ApiKey.State) given[1],
                    (Actor) given[2],
                    (Instant) given[3],
                    after == null ? null : new ListPosition(after.createdAt(), after.insertRevision() - 1),
                    (Integer) given[5]);
        }
    },

    /** Usage is recorded twice. */
    DOUBLE_USAGE("usageStore") {
        @Override
        Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
            UsageStore usageStore = store.usageStore().orElseThrow();
            return Optional.of(new UsageStore() {
                @Override
                public void recordUsage(List<UsageDelta> usage) {
                    usageStore.recordUsage(usage);
                    usageStore.recordUsage(usage);
                }

                @Override
                public List<StoredKey> claimExpiring(Instant now, Instant until, int limit) {
                    return usageStore.claimExpiring(now, until, limit);
                }
            });
        }
    };

    private static final long BEHIND_NANOS = Duration.ofSeconds(1).toNanos();

    private final String method;

    PlantedDefect(String method) {
        this.method = method;
    }

    /** The result of a lookup, and when it was made. */
    private record Seen(long at, Optional<StoredKey> found) {}

    /** Whether {@link #call} replaces the method. */
    boolean replaces(String name) {
        return name.equals(method);
    }

    /**
     * Runs in place of the method.
     *
     * @param memory state of this defect, empty at first
     */
    Object call(KeyStore store, Object[] given, Map<Object, Object> memory) {
        throw new UnsupportedOperationException();
    }

    /** {@return the result that the caller gets for that of any other method} */
    Object result(Object result) {
        return result instanceof ChangeFeed feed ? new DefectiveFeed(feed, this) : result;
    }

    Changes changes(Changes changes) {
        return changes;
    }

    private record DefectiveFeed(ChangeFeed feed, PlantedDefect defect) implements ChangeFeed {

        @Override
        public Changes poll(long applied, int limit) {
            return defect.changes(feed.poll(applied, limit));
        }

        @Override
        public void close() {
            feed.close();
        }
    }
}
