package dev.keywright.core.cache;

import dev.keywright.Revocation;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Order of steps in which a faulty implementation of the protocol accepts a revoked key. */
enum Interleaving {
    REVOKED_WHILE_CACHED {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_AGAIN_AFTER_THE_FIRST_CALLER_DIED {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_DURING_A_SLOW_POLL {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.afterPoll = () -> {
                stage.revocationCommits();
                stage.later(Duration.ofMillis(240));
            };
            stage.poller.poll();
            stage.later(Stage.BARRIER.minusMillis(240));
            return stage.accepts();
        }
    },

    RETURNED_DURING_LEASE_EXTENSION {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.accepts();
            stage.revocationCommits();
            stage.later(Duration.ofMillis(80));
            stage.afterExtension = () -> {
                stage.later(Stage.BARRIER.minusMillis(80));
                accepted.set(stage.accepts());
            };
            stage.poller.poll();
            return accepted.get() || stage.accepts();
        }
    },

    REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.poller.poll();
            };
            stage.accepts();
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    RETURNED_BETWEEN_PUT_AND_CHECK {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.pollDuringBarrier();
            };
            stage.afterPut = () -> accepted.set(stage.accepts());
            stage.accepts();
            return accepted.get() || stage.accepts();
        }
    },

    REVOKED_BETWEEN_CHECK_AND_PUT {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.afterPut = () -> {
                stage.revocationCommits();
                stage.pollDuringBarrier();
            };
            stage.accepts();
            // In the real implementation, check and put are atomic, and nothing has happened yet.
            stage.afterPut.run();
            return stage.accepts();
        }
    },

    FILLED_BETWEEN_EVICTION_AND_LOG {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            LookupSnapshot snapshot = stage.database.find(Fixture.ADMIN.tenant(), stage.id);
            LookupResult active = new LookupResult(snapshot.key().orElseThrow().key(), snapshot.revision());
            long epoch = stage.cache.epoch();
            stage.revocationCommits();
            stage.afterPut = () -> stage.node.fillByText(stage.token, active, epoch);
            stage.pollDuringBarrier();
            // In the real implementation, the eviction is logged first, and the fill comes after both.
            stage.afterPut.run();
            return stage.accepts();
        }
    },

    POLLED_BETWEEN_ENTRY_AND_LEASE {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.later(Stage.BARRIER);
            stage.beforeLease = stage.poller::poll;
            return stage.accepts();
        }
    },

    RETURNED_DURING_A_LOOKUP {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.pollDuringBarrier();
                accepted.set(stage.accepts());
            };
            stage.accepts();
            return accepted.get();
        }
    },

    PURGED_BEFORE_THE_POLL {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.store.purge(Instant.MAX, 1);
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT_BETWEEN_LOOKUP_AND_FILL {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.afterLookup = () -> {
                stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
                stage.poller.poll();
            };
            stage.accepts();
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    REVOKED_ON_THE_SECOND_PAGE {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            stage.page = 2;
            InMemoryKeyStore database = stage.database;
            StoredKey other = SampleKeys.stored("south", "other");
            database.insert(other, ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
            database.revoke(other.key().tenant(), other.key().id(), REVOCATION);
            stage.revocationCommits();
            stage.later(Duration.ofMillis(80));
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterExtension = () -> {
                stage.later(Stage.BARRIER.minusMillis(80));
                accepted.set(stage.accepts());
            };
            stage.poller.poll();
            return accepted.get();
        }
    },

    /** The eviction records are deleted after the barrier, between the first and the second page of a poll. */
    RECORDS_DELETED_BETWEEN_TWO_PAGES {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            InMemoryKeyStore database = stage.database;
            StoredKey other = SampleKeys.stored("south", "other");
            database.insert(other, ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
            database.revoke(other.key().tenant(), other.key().id(), REVOCATION);
            long revision =
                    database.revokeAll(Fixture.ADMIN.tenant(), REVOCATION).revision();
            stage.page = 2;
            stage.later(Duration.ofMillis(100));
            stage.afterPoll = () -> {
                stage.later(Stage.BARRIER.minusMillis(100));
                database.forgetEvictions(revision);
            };
            stage.poller.poll();
            return stage.accepts();
        }
    },

    /** The standby lacks the last revision, and assigns it again, to the revocation. */
    FILLED_AFTER_A_FAIL_OVER_THAT_LOST_A_COMMIT {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            InMemoryKeyStore standby = stage.standby();
            stage.anotherWriteCommits();
            stage.poller.poll();
            stage.afterLookup = () -> {
                stage.database = standby;
                stage.revocationCommits();
                stage.pollAfterALapse();
            };
            stage.accepts();
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    LOOKED_UP_ON_A_LAGGING_REPLICA {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.replica = stage.standby();
            stage.revocationCommits();
            stage.pollDuringBarrier();
            return stage.accepts();
        }
    },

    RECORDS_DELETED_AFTER_THE_LEASE_EXPIRED {
        @Override
        boolean acceptsRevokedKey(Stage stage) {
            stage.accepts();
            long revision =
                    stage.database.revokeAll(Fixture.ADMIN.tenant(), REVOCATION).revision();
            stage.later(Stage.BARRIER);
            stage.database.forgetEvictions(revision);
            stage.poller.poll();
            return stage.accepts();
        }
    };

    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");

    /** {@return whether the node accepts the key in a verification that begins after the revocation returned} */
    abstract boolean acceptsRevokedKey(Stage stage);
}
