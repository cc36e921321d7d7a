package dev.keywright.benchmarks.threads;

import dev.keywright.benchmarks.kit.Flushable;
import dev.keywright.spi.KeyStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A store that takes its time, where it is told to, and counts how often it has; with a lease of its own. Safe for use by many threads. */
final class SlowStore implements InvocationHandler {

    private static final Duration TIME = Duration.ofMillis(2);

    private final KeyStore inner;
    private final Duration lease;
    private final LongAdder calls = new LongAdder();
    private final AtomicBoolean flush = new AtomicBoolean();
    private volatile String slow = "";

    SlowStore(KeyStore inner, Duration lease) {
        this.inner = inner;
        this.lease = lease;
    }

    KeyStore store() {
        return (KeyStore)
                Proxy.newProxyInstance(KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, this);
    }

    /** Takes its time from now on for calls of a method with this name, and for no others. */
    void slow(String method) {
        slow = method;
    }

    /** Makes the node flush its cache at its next poll. */
    void flushAtNextPoll() {
        flush.set(true);
    }

    /** {@return how many calls have taken their time} */
    long calls() {
        return calls.sum();
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals(slow)) {
            calls.increment();
            TimeUnit.NANOSECONDS.sleep(TIME.toNanos());
        }
        try {
            if (method.getName().equals("beginCaching")) {
                return new Flushable(inner.openChangeFeed(lease), flush);
            }
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
