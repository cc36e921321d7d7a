/**
 * The machine behind Keywright's words and verbs: put together through {@link dev.keywright.core.Keywright}, with a key
 * store that keeps its keys in memory.
 */
module dev.keywright.core {
    requires static org.jspecify;
    requires transitive dev.keywright;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports dev.keywright.core;
}
