package dev.keywright.testkit;

import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.UsageStore;
import java.util.Optional;

/** The contract of a store that keeps no usage. */
class StoreWithoutUsageTest extends KeyStoreContract {

    @Override
    protected KeyStore newStore() {
        KeyStore store = new InMemoryKeyStore();
        return new ForwardingKeyStore() {
            @Override
            protected KeyStore delegate() {
                return store;
            }

            @Override
            public Optional<UsageStore> usageStore() {
                return Optional.empty();
            }
        };
    }
}
