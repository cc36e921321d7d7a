package dev.keywright.benchmarks.life;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Something before and behind which a thread lets others go first now and then: a store, or the connections of a data
 * source. That is where a network would keep it waiting: between looking a key up and using what was found, between the
 * statements of a transaction, and between a change and its answer.
 */
final class Jostled implements InvocationHandler {

    private static final int ONE_IN = 8;
    private static final int MOST = 6;

    private final Object inner;

    private Jostled(Object inner) {
        this.inner = inner;
    }

    /**
     * Lets threads get into each other's way.
     *
     * @param type an interface
     * @param inner what implements it
     * @return the same, jostled, and so the connections that it hands out
     */
    static <T> T of(Class<T> type, T inner) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Jostled(inner)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        letOthersGoFirst();
        try {
            Object result = method.invoke(inner, arguments);
            return result instanceof Connection connection ? of(Connection.class, connection) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            letOthersGoFirst();
        }
    }

    // Nothing relies on it: the more often the scheduler listens, the more there is to see.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersGoFirst() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(ONE_IN) == 0) {
            for (int left = random.nextInt(MOST); left >= 0; left--) {
                Thread.yield();
            }
        }
    }
}
