package dev.keywright.core.cache;

/** What the operations of an {@link InterleavedNode} answer in whatever order: nothing, and none throws. */
public final class RevocationPromiseTest {

    public void verify(int key) {}

    public void fillLate(int key) {}

    public void revoke(int key) {}

    public void insert(@SuppressWarnings("unused") int key) {}

    public void recheck(@SuppressWarnings("unused") int key) {}

    public void revokeAll() {}

    public void commit(@SuppressWarnings("unused") int key) {}

    public void commitAll() {}

    public void waitOut(@SuppressWarnings("unused") int key) {}

    public void beat() {}

    public void later() {}

    public void close() {}
}
