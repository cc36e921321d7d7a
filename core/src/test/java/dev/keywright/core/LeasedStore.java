package dev.keywright.core;

import dev.keywright.spi.KeyStore;
import java.time.Duration;

/** A store in memory in which some node caches, so that every write tells a lease. */
final class LeasedStore {

    static final Duration LEASE = Duration.ofMillis(250);

    private LeasedStore() {}

    static KeyStore on(InMemoryKeyStore memory) {
        memory.openChangeFeed(LEASE).close();
        return memory;
    }
}
