package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A store that fails as it is told to, and a real one until then. */
final class FailingStore {

    private final KeyStore store = new InMemoryKeyStore();
    private volatile RuntimeException failure;

    void failWith(RuntimeException next) {
        failure = next;
    }

    ApiKeys apiKeys() {
        KeyStore failing = (KeyStore) Proxy.newProxyInstance(
                KeyStore.class.getClassLoader(),
                new Class<?>[] {KeyStore.class},
                (proxy, method, arguments) -> callOrFail(method, arguments));
        return Keywright.builder()
                .store(failing)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none())
                .build();
    }

    private Object callOrFail(Method method, Object[] arguments) throws Throwable {
        if (failure != null) {
            throw failure;
        }
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
