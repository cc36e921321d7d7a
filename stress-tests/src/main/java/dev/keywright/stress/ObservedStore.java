package dev.keywright.stress;

import dev.keywright.spi.KeyStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A store with a {@link PlantedDefect}, which tells each thread whether it looked up a key. Thread-safe. */
final class ObservedStore implements InvocationHandler {

    /** Some reads by id are delayed, so that other writes come between a read and the write that depends on it. */
    private static final int ONE_IN_DELAYED = 4;

    private static final long DELAY_NANOS = Duration.ofMillis(3).toNanos();

    private final KeyStore inner;
    private final PlantedDefect defect;
    private final Map<Object, Object> memory = new ConcurrentHashMap<>();
    private final ThreadLocal<boolean[]> lookedUp = ThreadLocal.withInitial(() -> new boolean[1]);

    ObservedStore(KeyStore inner, PlantedDefect defect) {
        this.inner = inner;
        this.defect = defect;
    }

    // A proxy, since a decorator of its own would be longer than everything else here.
    KeyStore store() {
        return (KeyStore)
                Proxy.newProxyInstance(KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, this);
    }

    /** Resets {@link #lookedUp} for this thread. */
    void reset() {
        lookedUp.get()[0] = false;
    }

    /** Whether this thread looked up a key since {@link #reset}. */
    boolean lookedUp() {
        return lookedUp.get()[0];
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        if (method.getName().equals("findByDigest")) {
            lookedUp.get()[0] = true;
        }
        if (defect.replaces(method.getName())) {
            return defect.call(inner, given, memory);
        }
        try {
            Object result = method.invoke(inner, given);
            if (method.getName().equals("find") && ThreadLocalRandom.current().nextInt(ONE_IN_DELAYED) == 0) {
                LockSupport.parkNanos(DELAY_NANOS);
            }
            return result == null ? null : defect.result(result);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
