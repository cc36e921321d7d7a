package dev.keywright.core;

import dev.keywright.spi.KeyStore;
import java.time.Duration;

/** Store in memory in which a node has opened a change feed, so that each write returns a lease. */
final class LeasedStore {

    static final Duration LEASE = Duration.ofMillis(250);

    private LeasedStore() {}

    static KeyStore on(InMemoryKeyStore memory) {
        memory.openChangeFeed(LEASE).close();
        return memory;
    }
}
