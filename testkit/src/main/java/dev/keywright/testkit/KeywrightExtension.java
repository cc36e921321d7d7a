package dev.keywright.testkit;

import dev.keywright.ApiKeys;
import dev.keywright.management.ScopeCatalog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit extension that resolves parameters of the types {@link TestKeys}, {@link ApiKeys} and {@link SettableClock}. They belong
 * together, and are created for each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KeywrightExtension keywright = KeywrightExtension.withScopes("read:people", "write:people");
 *
 * @Test
 * void keyWithScopeReadsPeople(TestKeys keys) { … }
 * }</pre>
 *
 * <p>The keys are generated from a seed: the first key that a test issues is the same in each run, and so is the second. <b>The
 * seed reveals the keys: for tests only.</b> After the test, the extension heals the store and closes the {@code ApiKeys}.
 *
 * <p>Works with JUnit 5.12 and later, and JUnit 6. The tests of a class share an argument of a {@code @BeforeAll} method, or of the
 * constructor of a class with one instance for all tests.
 */
public final class KeywrightExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {

    private static final long SEED = 20250310;

    private final ScopeCatalog catalog;
    private final long seed;

    private KeywrightExtension(ScopeCatalog catalog, long seed) {
        this.catalog = catalog;
        this.seed = seed;
    }

    /**
     * Creates an extension with the default seed.
     *
     * @param first a scope of the catalog
     * @param more further scopes of the catalog
     * @return the extension
     */
    public static KeywrightExtension withScopes(String first, String... more) {
        return new KeywrightExtension(TestKeys.catalog(first, more), SEED);
    }

    /**
     * Sets the seed.
     *
     * @param newSeed the seed; each gives different keys
     * @return a copy of this extension with this seed
     */
    public KeywrightExtension seeded(long newSeed) {
        return new KeywrightExtension(catalog, newSeed);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        // Otherwise all tests of the class would share an argument of its constructor.
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestKeys.class || type == ApiKeys.class || type == SettableClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // JUnit 6 deprecates getOrComputeIfAbsent, and JUnit 5 lacks its successor. A test runs in one thread.
        ExtensionContext.Store store = store(context);
        TestKeys keys = store.get(TestKeys.class, TestKeys.class);
        if (keys == null) {
            keys = create();
            store.put(TestKeys.class, keys);
        }
        Class<?> type = parameter.getParameter().getType();
        if (type == TestKeys.class) {
            return keys;
        }
        return type == ApiKeys.class ? keys.apiKeys() : keys.clock();
    }

    private TestKeys create() {
        return TestKeys.with(new SeededRandom(seed), catalog);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** Closes the keys of this context, and not of its parents. JUnit closes them by itself only from 5.13 on. */
    private void close(ExtensionContext context) {
        @Nullable TestKeys keys = store(context).remove(TestKeys.class, TestKeys.class);
        if (keys != null) {
            // A store that fails or stalls would block the last flush of usage.
            keys.store().heal();
            keys.apiKeys().close();
        }
    }

    private ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(Namespace.create(KeywrightExtension.class, this));
    }
}
