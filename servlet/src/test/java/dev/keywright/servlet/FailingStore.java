package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;

/** In-memory store that fails on demand. */
final class FailingStore extends ForwardingKeyStore {

    private final KeyStore store = new InMemoryKeyStore();
    private volatile RuntimeException failure;

    void failWith(RuntimeException cause) {
        failure = cause;
    }

    @Override
    protected KeyStore delegate() {
        if (failure != null) {
            throw failure;
        }
        return store;
    }

    ApiKeys apiKeys() {
        return Keywright.builder()
                .store(this)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none())
                .build();
    }
}
