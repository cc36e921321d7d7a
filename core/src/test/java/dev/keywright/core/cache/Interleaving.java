package dev.keywright.core.cache;

import dev.keywright.Actor;
import dev.keywright.Revocation;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.SampleKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Order of steps in which a revoked key is accepted unless the protocol is followed. */
enum Interleaving {
    REVOKED_WHILE_CACHED {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_AGAIN_AFTER_FIRST_WRITER_DIED {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_DURING_A_SLOW_POLL {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.afterPoll = () -> {
                stage.revocationCommits();
                stage.later(Duration.ofMillis(240));
            };
            stage.poller.poll();
            stage.later(Stage.WAIT.minusMillis(240));
            return stage.accepts();
        }
    },

    RETURNED_WHILE_THE_LEASE_IS_EXTENDED {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.accepts();
            stage.revocationCommits();
            stage.later(Duration.ofMillis(80));
            stage.afterExtension = () -> {
                stage.later(Stage.WAIT.minusMillis(80));
                accepted.set(stage.accepts());
            };
            stage.poller.poll();
            return accepted.get() || stage.accepts();
        }
    },

    REVOKED_AND_POLLED_BETWEEN_LOOKUP_AND_FILL {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.poller.poll();
            };
            stage.accepts();
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    RETURNED_BETWEEN_PUT_AND_CHECK {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.pollForTheWaitOfAWriter();
            };
            stage.afterPut = () -> accepted.set(stage.accepts());
            stage.accepts();
            return accepted.get() || stage.accepts();
        }
    },

    POLLED_BETWEEN_ENTRY_AND_LEASE {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.later(Stage.WAIT);
            stage.beforeLease = stage.poller::poll;
            return stage.accepts();
        }
    },

    RETURNED_DURING_A_LOOKUP {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookup = () -> {
                stage.revocationCommits();
                stage.pollForTheWaitOfAWriter();
                accepted.set(stage.accepts());
            };
            stage.accepts();
            return accepted.get();
        }
    },

    PURGED_BEFORE_IT_WAS_POLLED {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.store.purge(Instant.MAX, 1);
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT_BETWEEN_LOOKUP_AND_FILL {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.afterLookup = () -> {
                stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
                stage.poller.poll();
            };
            stage.accepts();
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    REVOKED_ON_THE_SECOND_PAGE {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            stage.page = 2;
            InMemoryKeyStore database = stage.database;
            StoredKey other = SampleKeys.stored("south", "other");
            database.insert(other, KeyStore.UNLIMITED, Instant.EPOCH);
            database.revoke(other.key().tenant(), other.key().id(), REVOCATION);
            stage.revocationCommits();
            stage.later(Duration.ofMillis(80));
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterExtension = () -> {
                stage.later(Stage.WAIT.minusMillis(80));
                accepted.set(stage.accepts());
            };
            stage.poller.poll();
            return accepted.get();
        }
    },

    /** The records are deleted after the wait, between two pages of a poll. */
    RECORDS_DELETED_BETWEEN_TWO_PAGES {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            InMemoryKeyStore database = stage.database;
            StoredKey other = SampleKeys.stored("south", "other");
            database.insert(other, KeyStore.UNLIMITED, Instant.EPOCH);
            database.revoke(other.key().tenant(), other.key().id(), REVOCATION);
            long revision =
                    database.revokeAll(Fixture.ADMIN.tenant(), REVOCATION).revision();
            stage.page = 2;
            stage.later(Duration.ofMillis(100));
            stage.afterPoll = () -> {
                stage.later(Stage.WAIT.minusMillis(100));
                database.forgetEvictions(revision);
            };
            stage.poller.poll();
            return stage.accepts();
        }
    },

    /** The standby lacks the last revision, and assigns it to the revocation. */
    FILLED_AFTER_A_FAIL_OVER_THAT_LOST_A_COMMIT {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            InMemoryKeyStore standby = stage.standby();
            stage.anotherWriteCommits();
            stage.poller.poll();
            stage.afterLookup = () -> {
                stage.database = standby;
                stage.revocationCommits();
                stage.pollAfterALapse();
            };
            stage.accepts();
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    LOOKED_UP_ON_A_LAGGING_REPLICA {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.replica = stage.standby();
            stage.revocationCommits();
            stage.pollForTheWaitOfAWriter();
            return stage.accepts();
        }
    },

    RECORDS_DELETED_AFTER_A_LAPSE {
        @Override
        boolean acceptsARevokedKey(Stage stage) {
            stage.accepts();
            long revision =
                    stage.database.revokeAll(Fixture.ADMIN.tenant(), REVOCATION).revision();
            stage.later(Stage.WAIT);
            stage.database.forgetEvictions(revision);
            stage.poller.poll();
            return stage.accepts();
        }
    };

    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, Actor.holder(), "");

    /** Whether a verification that begins after the revocation has returned accepts the key. */
    abstract boolean acceptsARevokedKey(Stage stage);
}
