package dev.keywright.core.cache;

/** Sequential specification of an {@link InterleavedNode}: no operation returns a value or throws. */
public final class RevocationPromiseTest {

    public void verify(int key) {}

    public void fillLate(int key) {}

    public void revoke(int key) {}

    public void insert(@SuppressWarnings("unused") int key) {}

    public void recheck(@SuppressWarnings("unused") int key) {}

    public void revokeAll() {}

    public void commit(@SuppressWarnings("unused") int key) {}

    public void commitAll() {}

    public void awaitBarrier(@SuppressWarnings("unused") int key) {}

    public void poll() {}

    public void later() {}

    public void close() {}
}
