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

/** Data sources whose connections pass each call to an interceptor. */
final class InterceptedDataSource {

    private InterceptedDataSource() {}

    /** Intercepts a call, and returns its result. */
    @FunctionalInterface
    interface Interceptor {
        @Nullable Object call(String method, @Nullable Object @Nullable [] args, Callable<@Nullable Object> real)
                throws Throwable;
    }

    static DataSource onConnections(DataSource real, Interceptor interceptor) {
        return intercept(DataSource.class, real, (method, args, call) -> {
            Object result = call.call();
            return result instanceof Connection connection
                    ? intercept(Connection.class, connection, interceptor)
                    : result;
        });
    }

    /** Runs an action once, before a statement that contains a text is prepared. */
    static DataSource before(DataSource real, String text, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return onConnections(real, (method, args, call) -> {
            if (method.equals("prepareStatement") && mentions(args, text) && done.compareAndSet(false, true)) {
                action.run();
            }
            return call.call();
        });
    }

    /** Records each statement that is prepared. */
    static DataSource recording(DataSource real, List<String> statements) {
        return onConnections(real, (method, args, call) -> {
            if (method.equals("prepareStatement") && args != null) {
                statements.add(String.valueOf(args[0]));
            }
            return call.call();
        });
    }

    static boolean mentions(@Nullable Object @Nullable [] args, String text) {
        return args != null && String.valueOf(args[0]).contains(text);
    }

    static <T> T intercept(Class<T> type, T real, Interceptor interceptor) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> interceptor.call(method.getName(), args, () -> invoke(real, method, args))));
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
