package dev.keywright.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.Callable;
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
