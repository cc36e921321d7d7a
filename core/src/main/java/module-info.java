/**
 * Implementation of the Keywright API, configured through {@link dev.keywright.core.Keywright}, and a key store in memory.
 */
module dev.keywright.core {
    requires static org.jspecify;
    requires transitive dev.keywright;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports dev.keywright.core;
}
