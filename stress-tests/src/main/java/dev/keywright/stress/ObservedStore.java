package dev.keywright.stress;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** A store that tells each thread whether it looked up a key. Thread-safe. */
final class ObservedStore extends ForwardingKeyStore {

    /** Some reads by id are delayed, so that other writes come between a read and the write that depends on it. */
    private static final int ONE_IN_DELAYED = 4;

    private static final long DELAY_NANOS = Duration.ofMillis(3).toNanos();

    private final KeyStore store;
    private final ThreadLocal<Boolean> lookedUp = ThreadLocal.withInitial(() -> false);

    ObservedStore(KeyStore store) {
        this.store = store;
    }

    @Override
    protected KeyStore delegate() {
        return store;
    }

    /** Resets {@link #lookedUp} for this thread. */
    void reset() {
        lookedUp.set(false);
    }

    /** Whether this thread looked up a key since {@link #reset}. */
    boolean lookedUp() {
        return lookedUp.get();
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        lookedUp.set(true);
        return super.findByDigest(digest);
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        LookupSnapshot found = super.find(tenant, id);
        if (ThreadLocalRandom.current().nextInt(ONE_IN_DELAYED) == 0) {
            LockSupport.parkNanos(DELAY_NANOS);
        }
        return found;
    }
}
