package dev.keywright.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Data sources whose connections, or what these give, do as a test says. */
final class Tampered {

    private Tampered() {}

    /** Stands before a call. */
    @FunctionalInterface
    interface Tampering {
        @Nullable Object call(String method, @Nullable Object @Nullable [] args, Callable<@Nullable Object> real)
                throws Throwable;
    }

    static DataSource connections(DataSource real, Tampering tampering) {
        return wrap(DataSource.class, real, (method, args, call) -> {
            Object result = call.call();
            return result instanceof Connection connection ? wrap(Connection.class, connection, tampering) : result;
        });
    }

    /** A data source on which something happens once, just before a statement with these words in it is prepared. */
    static DataSource before(DataSource real, String words, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return connections(real, (method, args, call) -> {
            if (method.equals("prepareStatement") && said(args, words) && done.compareAndSet(false, true)) {
                action.run();
            }
            return call.call();
        });
    }

    /** A data source that writes down each statement that is prepared. */
    static DataSource watched(DataSource real, List<String> statements) {
        return connections(real, (method, args, call) -> {
            if (method.equals("prepareStatement") && args != null) {
                statements.add(String.valueOf(args[0]));
            }
            return call.call();
        });
    }

    static boolean said(@Nullable Object @Nullable [] args, String words) {
        return args != null && String.valueOf(args[0]).contains(words);
    }

    static <T> T wrap(Class<T> type, T real, Tampering tampering) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> tampering.call(method.getName(), args, () -> invoke(real, method, args))));
    }

    private static @Nullable Object invoke(Object real, Method method, @Nullable Object @Nullable [] args)
            throws Exception {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
