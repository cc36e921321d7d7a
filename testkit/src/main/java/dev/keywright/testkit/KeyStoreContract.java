package dev.keywright.testkit;

import dev.keywright.spi.KeyStore;
import dev.keywright.spi.UsageStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link KeyStore} must do, as tests. A store's own test extends this class and says how to make an empty store:
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
 * <p>Each nested class holds what one of the store's methods promises, or what several of them promise to many threads.
 * What only a store that fails can show (that nothing has changed, that an outcome is unknown) is for its own tests.
 */
// A store that never answers breaks the contract too. Nothing here takes a hundredth of this.
@Timeout(300)
public abstract class KeyStoreContract {

    private KeyStore store;

    /** For the store's own test. */
    protected KeyStoreContract() {}

    /**
     * Makes an empty store. Called before each test.
     *
     * @return the store
     * @throws Exception if it cannot; the test then fails
     */
    protected abstract KeyStore newStore() throws Exception;

    @BeforeEach
    final void makeStore() throws Exception {
        store = newStore();
    }

    private KeyStore store() {
        return store;
    }

    /** What {@link KeyStore#insert} promises. */
    @Nested
    class Inserting extends InsertContract {
        Inserting() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#insertAll} promises. */
    @Nested
    class InsertingMany extends InsertAllContract {
        InsertingMany() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#change} promises. */
    @Nested
    class Changing extends ChangeContract {
        Changing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#replace} promises. */
    @Nested
    class Replacing extends ReplaceContract {
        Replacing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#revoke} promises. */
    @Nested
    class Revoking extends RevokeContract {
        Revoking() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#revokeAll} promises. */
    @Nested
    class RevokingAll extends RevokeAllContract {
        RevokingAll() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#revokeCreatedBy} promises. */
    @Nested
    class RevokingByCreator extends RevokeCreatedByContract {
        RevokingByCreator() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#purgeTenant} promises. */
    @Nested
    class PurgingATenant extends PurgeTenantContract {
        PurgingATenant() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#purge} promises. */
    @Nested
    class Purging extends PurgeContract {
        Purging() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link UsageStore#recordUsage} promises. */
    @Nested
    class RecordingUses extends UsageContract {
        RecordingUses() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link UsageStore#claimExpiring} promises. */
    @Nested
    class TakingWhatEndsSoon extends ExpiryContract {
        TakingWhatEndsSoon() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#findByDigest} and {@link KeyStore#find} promise. */
    @Nested
    class LookingUp extends LookupContract {
        LookingUp() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#list} promises. */
    @Nested
    class Listing extends ListContract {
        Listing() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#countByOrigin} and {@link KeyStore#originsInUse} promise. */
    @Nested
    class CountingActive extends CountContract {
        CountingActive() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises about the revision, which each write takes first, and about versions. */
    @Nested
    class Revisions extends RevisionContract {
        Revisions() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What {@link KeyStore#openChangeFeed} and the polls of its heartbeat promise. */
    @Nested
    class Polling extends ChangeFeedContract {
        Polling() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to threads that insert at the same time. */
    @Nested
    class InsertingAtOnce extends InsertRaces {
        InsertingAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to threads that change and rotate at the same time. */
    @Nested
    class ChangingAtOnce extends ChangeRaces {
        ChangingAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to whoever revokes a key, whatever others do at the same time. */
    @Nested
    class RevokingAtOnce extends RevokeRaces {
        RevokingAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to whoever revokes all keys of a tenant, whatever others do at the same time. */
    @Nested
    class RevokingAllAtOnce extends RevokeAllRaces {
        RevokingAllAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to threads that record uses, take what ends soon, and purge at the same time. */
    @Nested
    class HousekeepingAtOnce extends MaintenanceRaces {
        HousekeepingAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** What a store promises to whoever polls, whatever others write at the same time. */
    @Nested
    class PollingAtOnce extends ChangeFeedRaces {
        PollingAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }

    /** Promises of {@link KeyStore#findByDigest} and {@link KeyStore#find} while other threads write. */
    @Nested
    class LookingUpAtOnce extends LookupRaces {
        LookingUpAtOnce() {
            super(KeyStoreContract.this::store);
        }
    }
}
