package dev.keywright.benchmarks.threads;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.management.CacheStats;
import dev.keywright.management.Job;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Keys in a store that can be slow, with a cache before it, and their texts. Its uses are written down when somebody says so. Safe for use by many
 * threads.
 */
final class Ring implements Closeable {

    private static final Job JOB = new Job("measurer");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int KEYS_OF_A_DISTRICT = 50;
    private static final long SECONDS_TO_BEGIN = 60;

    private final SlowStore slow;
    private final ApiKeys keys;
    private final char[][] texts;
    private final Scope[] scopes;
    private final LongAdder unanswered = new LongAdder();
    private final AtomicReference<Runnable> housekeeping = new AtomicReference<>(() -> {});

    Ring(int count, Duration lease) throws InterruptedException {
        InMemoryKeyStore store = new InMemoryKeyStore();
        texts = new char[count][];
        scopes = new Scope[count];
        Districts districts = new Districts(Math.max(1, count / KEYS_OF_A_DISTRICT), count);
        districts.fill(store, Instant.now(), YEAR, (number, issued) -> {
            texts[number] = issued.secret().reveal().toCharArray();
            scopes[number] = issued.key().scopes().asList().get(0);
        });
        slow = new SlowStore(store, lease);
        keys = Keywright.builder()
                .store(slow.store())
                .scopes(Districts.OFFERED)
                .pepper(Districts.PEPPER)
                .cache(count)
                .maintenanceScheduler(housekeeping::set)
                .build();
        awaitLease();
    }

    private void awaitLease() throws InterruptedException {
        long begun = System.nanoTime();
        while (state().leaseLeft().isZero()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
                throw new IllegalStateException("the cache does not begin to answer");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    CacheStats state() {
        return keys.operatedBy(JOB).cacheStats().orElseThrow();
    }

    int size() {
        return texts.length;
    }

    /** From now on, the store takes its time for this. */
    void slow(String method) {
        slow.slow(method);
    }

    /** {@return how often the store has taken its time} */
    long slowCalls() {
        return slow.calls();
    }

    /** Verifies a key by a string of its own, as a request brings it; {@return whether that was answered} */
    boolean verify(int number) {
        try {
            if (!(keys.verify(new String(texts[number]), scopes[number]) instanceof Verified)) {
                throw new IllegalStateException("a good key was rejected");
            }
            return true;
        } catch (StoreUnavailableException e) {
            // Thousands of threads may all want to look keys up at once, and not all have their turn in time.
            unanswered.increment();
            return false;
        }
    }

    /** {@return how many verifications were not answered so far} */
    long unanswered() {
        return unanswered.sum();
    }

    /** Makes the cache flush at its next poll, and waits for that. */
    void flush() {
        long before = state().flushes();
        long begun = System.nanoTime();
        slow.flushAtNextPoll();
        while (state().flushes() == before && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    void writeUses() {
        Objects.requireNonNull(housekeeping.get()).run();
    }

    @Override
    public void close() {
        keys.close();
    }
}
