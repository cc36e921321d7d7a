package dev.keywright.testkit;

import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.spi.KeyStore;

class InMemoryKeyStoreTest extends KeyStoreContract {

    @Override
    protected KeyStore newStore() {
        return new InMemoryKeyStore();
    }
}
