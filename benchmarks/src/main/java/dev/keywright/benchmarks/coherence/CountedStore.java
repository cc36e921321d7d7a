package dev.keywright.benchmarks.coherence;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.benchmarks.kit.Flushable;
import dev.keywright.management.Job;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A store that counts the polls, knows for each thread whether it was asked for a key, and makes keys up for threads that want to
 * fill a cache: to look a million of them up would take minutes. Safe for use by many threads.
 */
final class CountedStore implements InvocationHandler {

    private static final Instant LONG_AGO = Instant.parse("2024-05-01T10:00:00Z");
    private static final Actor NOBODY = Actor.job(new Job("filler"));
    private static final int HEX_OF_ID = 24;

    private final KeyStore inner;
    private final LongAdder polls = new LongAdder();
    private final AtomicBoolean flush = new AtomicBoolean();
    private final ThreadLocal<boolean[]> asked = ThreadLocal.withInitial(() -> new boolean[1]);
    private final ThreadLocal<Boolean> makingUp = ThreadLocal.withInitial(() -> false);

    CountedStore(KeyStore inner) {
        this.inner = inner;
    }

    KeyStore store() {
        return (KeyStore)
                Proxy.newProxyInstance(KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, this);
    }

    /** Forgets what this thread has asked for. */
    void forget() {
        asked.get()[0] = false;
    }

    /** Whether this thread has asked since. */
    boolean wasAsked() {
        return asked.get()[0];
    }

    /** How many polls were answered. */
    long polls() {
        return polls.sum();
    }

    /** Makes the node flush its cache at its next poll, as if the revision had gone back. */
    void flushAtNextPoll() {
        flush.set(true);
    }

    /** Makes up whatever this thread asks for while it does something. */
    void makeUpWhile(Runnable something) {
        makingUp.set(true);
        try {
            something.run();
        } finally {
            makingUp.set(false);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("findByDigest") && arguments != null) {
            asked.get()[0] = true;
            if (makingUp.get()) {
                return LookupSnapshot.of(Optional.of(madeUp((Digest) arguments[0])), Long.MAX_VALUE);
            }
        }
        try {
            Object answer = method.invoke(inner, arguments);
            return answer instanceof ChangeFeed heartbeat
                    ? new Counted(new Flushable(heartbeat, flush), polls)
                    : answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** One that has ended: its uses are not gathered, which would be measured, too. */
    private static StoredKey madeUp(Digest digest) {
        ApiKey key = StoredValues.keyBuilder()
                .id(KeyId.of("key_" + HexFormat.of().formatHex(digest.bytes()).substring(0, HEX_OF_ID)))
                .tenant(TenantId.of("filler"))
                .name(KeyName.of("filler"))
                .hint("o5p6")
                .scopes(Scopes.of("read:people"))
                .createdAt(LONG_AGO)
                .createdBy(NOBODY)
                .revocation(new Revocation(LONG_AGO, NOBODY, "a filler"))
                .build();
        return StoredKey.unsaved(key, digest, new PepperId("none"));
    }

    /** A heartbeat whose answers are counted. */
    private record Counted(ChangeFeed heartbeat, LongAdder polls) implements ChangeFeed {

        @Override
        public Changes poll(long applied, int limit) {
            Changes answer = heartbeat.poll(applied, limit);
            polls.increment();
            return answer;
        }

        @Override
        public void close() {
            heartbeat.close();
        }
    }
}
