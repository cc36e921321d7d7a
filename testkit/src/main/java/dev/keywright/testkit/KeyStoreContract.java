package dev.keywright.testkit;

import dev.keywright.spi.KeyStore;
import dev.keywright.spi.UsageStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * Contract tests for every {@link KeyStore}. The test of a store extends this class and creates an empty store:
 *
 * <pre>{@code
 * class MyKeyStoreTest extends KeyStoreContract {
 *     @Override
 *     protected KeyStore newStore() {
 *         return new MyKeyStore();
 *     }
 * }
 * }</pre>
 *
 * <p>Each nested class tests one method, or several methods under concurrency. Tests of a {@link UsageStore} are skipped if
 * the store has none. Failures (no effect, or an unknown outcome) are left to the tests of the store.
 */
// A store that never returns breaks the contract too. No test takes a hundredth of this.
@Timeout(300)
public abstract class KeyStoreContract {

    private KeyStore store;

    /** For subclasses. */
    protected KeyStoreContract() {}

    /**
     * Creates an empty store. Called before each test.
     *
     * @return the store
     * @throws Exception if the store cannot be created; the test then fails
     */
    protected abstract KeyStore newStore() throws Exception;

    @BeforeEach
    final void createStore() throws Exception {
        store = newStore();
    }

    private KeyStore store() {
        return store;
    }

    /** Contract of {@link KeyStore#insert}. */
    @Nested
    class Inserting extends InsertContract {
        Inserting() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#insert} for keys with an issue request. */
    @Nested
    class InsertingForARequest extends IssueRequestContract {
        InsertingForARequest() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#insertAll}. */
    @Nested
    class InsertingMany extends InsertAllContract {
        InsertingMany() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#change}. */
    @Nested
    class Changing extends ChangeContract {
        Changing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#replace}. */
    @Nested
    class Replacing extends ReplaceContract {
        Replacing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#revoke}. */
    @Nested
    class Revoking extends RevokeContract {
        Revoking() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#suspend} and {@link KeyStore#resume}. */
    @Nested
    class Suspending extends SuspendContract {
        Suspending() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#revokeAll}. */
    @Nested
    class RevokingAll extends RevokeAllContract {
        RevokingAll() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#revokeCreatedBy}. */
    @Nested
    class RevokingByCreator extends RevokeCreatedByContract {
        RevokingByCreator() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#revokeOwnedBy}. */
    @Nested
    class RevokingByOwner extends RevokeOwnedByContract {
        RevokingByOwner() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#purgeTenant}. */
    @Nested
    class PurgingATenant extends PurgeTenantContract {
        PurgingATenant() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#purge}. */
    @Nested
    class Purging extends PurgeContract {
        Purging() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link UsageStore#recordUsage}. */
    @Nested
    class RecordingUsage extends UsageContract {
        RecordingUsage() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link UsageStore#claimExpiring}. */
    @Nested
    class ClaimingExpiringKeys extends ExpiryContract {
        ClaimingExpiringKeys() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#findByDigest} and {@link KeyStore#find}. */
    @Nested
    class LookingUp extends LookupContract {
        LookingUp() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#list}. */
    @Nested
    class Listing extends ListContract {
        Listing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#countByOrigin} and {@link KeyStore#originsInUse}. */
    @Nested
    class CountingActive extends CountContract {
        CountingActive() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of revisions, which each write takes first, and of versions. */
    @Nested
    class Revisions extends RevisionContract {
        Revisions() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Contract of {@link KeyStore#openChangeFeed} and of its polls. */
    @Nested
    class Polling extends ChangeFeedContract {
        Polling() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Concurrent inserts. */
    @Nested
    class InsertingConcurrently extends InsertRaces {
        InsertingConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Concurrent changes and rotations. */
    @Nested
    class ChangingConcurrently extends ChangeRaces {
        ChangingConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Revocation of a key under concurrency. */
    @Nested
    class RevokingConcurrently extends RevokeRaces {
        RevokingConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Revocation of all keys of a tenant under concurrency. */
    @Nested
    class RevokingAllConcurrently extends RevokeAllRaces {
        RevokingAllConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Concurrent recording of usage, claims of expiring keys, and purges. */
    @Nested
    class MaintainingConcurrently extends MaintenanceRaces {
        MaintainingConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Polls under concurrent writes. */
    @Nested
    class PollingConcurrently extends ChangeFeedRaces {
        PollingConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Lookups under concurrent writes. */
    @Nested
    class LookingUpConcurrently extends LookupRaces {
        LookingUpConcurrently() {
            super(KeyStoreContract.this::store);
        }
    }
}
