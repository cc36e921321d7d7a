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
 * Hands API keys to tests that ask for them: as a parameter of the type {@link TestKeys}, {@link ApiKeys} or {@link
 * SettableClock}, which belong together, and are fresh for each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KeywrightExtension keywright = KeywrightExtension.offering("read:people", "write:people");
 *
 * @Test
 * void showsPeopleToWhoMayReadThem(TestKeys keys) { … }
 * }</pre>
 *
 * <p>The keys are drawn from a seed, and so are the same in each run: the first one that a test issues, the second one, and
 * so on. <b>Whoever has the seed has the keys: such randomness is for tests only.</b> After the test, the store is healed
 * and the keys are closed.
 *
 * <p>Works on JUnit 5.12 and later, and on JUnit 6. What a {@code @BeforeAll} method is given, or the constructor of a class with one instance for all tests, is shared by
 * the tests of that class.
 */
public final class KeywrightExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {

    private static final long SEED = 20250310;

    private final ScopeCatalog offered;
    private final long seed;

    private KeywrightExtension(ScopeCatalog offered, long seed) {
        this.offered = offered;
        this.seed = seed;
    }

    /**
     * Says which scopes keys can be issued with.
     *
     * @param first a scope
     * @param more further ones
     * @return the extension, with a seed that is always the same
     */
    public static KeywrightExtension withScopes(String first, String... more) {
        return new KeywrightExtension(TestKeys.catalog(first, more), SEED);
    }

    /**
     * Says from what seed the keys are drawn.
     *
     * @param another any number; each gives other keys
     * @return an extension with this seed
     */
    public KeywrightExtension seeded(long another) {
        return new KeywrightExtension(offered, another);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        // Otherwise what a constructor is given would be shared by all tests of the class.
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestKeys.class || type == ApiKeys.class || type == SettableClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // JUnit 6 deprecates the one call that would do both, JUnit 5 lacks its successor. A test runs in one thread.
        ExtensionContext.Store made = made(context);
        TestKeys keys = made.get(TestKeys.class, TestKeys.class);
        if (keys == null) {
            keys = draw();
            made.put(TestKeys.class, keys);
        }
        Class<?> type = parameter.getParameter().getType();
        if (type == TestKeys.class) {
            return keys;
        }
        return type == ApiKeys.class ? keys.apiKeys() : keys.clock();
    }

    private TestKeys draw() {
        return TestKeys.drawnFrom(new SeededRandom(seed), offered);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** Closes the keys of this context, and not of those around it. JUnit closes them by itself only from 5.13 on. */
    private void close(ExtensionContext context) {
        @Nullable TestKeys keys = made(context).remove(TestKeys.class, TestKeys.class);
        if (keys != null) {
            // Otherwise a store that fails or stalls would hold up the last flush.
            keys.store().heal();
            keys.apiKeys().close();
        }
    }

    private ExtensionContext.Store made(ExtensionContext context) {
        return context.getStore(Namespace.create(KeywrightExtension.class, this));
    }
}
