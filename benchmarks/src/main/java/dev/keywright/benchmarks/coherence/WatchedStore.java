package dev.keywright.benchmarks.coherence;

import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A store that knows, for each thread, whether it was asked for a key. Safe for use by many threads. */
final class WatchedStore implements InvocationHandler {

    private final KeyStore inner;
    private final Planted planted;
    private final Map<Digest, Planted.Seen> memory = new ConcurrentHashMap<>();
    private final ThreadLocal<boolean[]> asked = ThreadLocal.withInitial(() -> new boolean[1]);

    WatchedStore(KeyStore inner, Planted planted) {
        this.inner = inner;
        this.planted = planted;
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

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("findByDigest") && arguments != null) {
            asked.get()[0] = true;
            return planted.find(inner, (Digest) arguments[0], memory);
        }
        try {
            Object answer = method.invoke(inner, arguments);
            return answer == null ? null : planted.answer(answer);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
