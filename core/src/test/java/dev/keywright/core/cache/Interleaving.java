package dev.keywright.core.cache;

import dev.keywright.Revocation;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.SampleKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** An order of steps in which something goes wrong, unless the protocol is kept. */
enum Interleaving {
    REVOKED_WHILE_REMEMBERED {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_AGAIN_BECAUSE_THE_FIRST_HAS_DIED_BEFORE_IT_HAD_WAITED {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.writer.managedBy(Fixture.ADMIN).revoke(stage.id, "");
            return stage.accepts();
        }
    },

    REVOKED_BEHIND_A_SLOW_POLL {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.afterPoll = () -> {
                stage.revocationCommits();
                stage.later(Duration.ofMillis(240));
            };
            stage.heart.poll();
            stage.later(Stage.WAIT.minusMillis(240));
            return stage.accepts();
        }
    },

    RETURNED_WHILE_THE_LEASE_IS_EXTENDED {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.accepts();
            stage.revocationCommits();
            stage.later(Duration.ofMillis(80));
            stage.afterExtension = () -> {
                stage.later(Stage.WAIT.minusMillis(80));
                accepted.set(stage.accepts());
            };
            stage.heart.poll();
            return accepted.get() || stage.accepts();
        }
    },

    REVOKED_AND_POLLED_BETWEEN_LOOK_UP_AND_FILL {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.afterLookUp = () -> {
                stage.revocationCommits();
                stage.heart.poll();
            };
            stage.accepts();
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    RETURNED_BETWEEN_PUT_AND_CHECK {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookUp = () -> {
                stage.revocationCommits();
                stage.beatAsLongAsAWriterWaits();
            };
            stage.afterPut = () -> accepted.set(stage.accepts());
            stage.accepts();
            return accepted.get() || stage.accepts();
        }
    },

    POLLED_BETWEEN_ENTRY_AND_LEASE {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.later(Stage.WAIT);
            stage.beforeLease = stage.heart::poll;
            return stage.accepts();
        }
    },

    RETURNED_WHILE_A_LOOK_UP_IS_UNDER_WAY {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            AtomicBoolean accepted = new AtomicBoolean();
            stage.afterLookUp = () -> {
                stage.revocationCommits();
                stage.beatAsLongAsAWriterWaits();
                accepted.set(stage.accepts());
            };
            stage.accepts();
            return accepted.get();
        }
    },

    PURGED_BEFORE_IT_WAS_POLLED {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.revocationCommits();
            stage.store.purge(Instant.MAX, 1);
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    REVOKED_WITH_ITS_TENANT_BETWEEN_LOOK_UP_AND_FILL {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.afterLookUp = () -> {
                stage.store.revokeAll(Fixture.ADMIN.tenant(), REVOCATION);
                stage.heart.poll();
            };
            stage.accepts();
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    REVOKED_ON_THE_SECOND_PAGE {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
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
            stage.heart.poll();
            return accepted.get();
        }
    },

    /** The records are deleted after the wait; the node has read a page before that, and the next one after it. */
    RECORDS_DELETED_BETWEEN_TWO_PAGES {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
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
            stage.heart.poll();
            return stage.accepts();
        }
    },

    /** The standby lacks the last revision, and gives it to the revocation. */
    FILLED_AFTER_A_FAIL_OVER_THAT_LOST_A_COMMIT {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            InMemoryKeyStore standby = stage.standby();
            stage.anotherWriteCommits();
            stage.heart.poll();
            stage.afterLookUp = () -> {
                stage.database = standby;
                stage.revocationCommits();
                stage.beatAfterALapse();
            };
            stage.accepts();
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    LOOKED_UP_ON_A_REPLICA_THAT_LAGS {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.replica = stage.standby();
            stage.revocationCommits();
            stage.beatAsLongAsAWriterWaits();
            return stage.accepts();
        }
    },

    RECORDS_DELETED_WHILE_THE_LEASE_HAS_RUN_OUT {
        @Override
        boolean acceptsWhatIsRevoked(Stage stage) {
            stage.accepts();
            long revision =
                    stage.database.revokeAll(Fixture.ADMIN.tenant(), REVOCATION).revision();
            stage.later(Stage.WAIT);
            stage.database.forgetEvictions(revision);
            stage.heart.poll();
            return stage.accepts();
        }
    };

    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");

    /** Whether a verification that begins after the revocation has returned accepts the key. */
    abstract boolean acceptsWhatIsRevoked(Stage stage);
}
