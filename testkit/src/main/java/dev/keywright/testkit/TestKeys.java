package dev.keywright.testkit;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.Secret;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Fixture for unit tests: issues keys in each state with one call, from the real implementation on an in-memory store.
 *
 * <pre>{@code
 * TestKeys keys = TestKeys.withScopes("read:people", "write:people");
 * var filter = new MyFilter(keys.apiKeys());
 * String token = keys.active("north", "read:people").secret().reveal();
 * }</pre>
 *
 * <p>The clock stands at 2025-03-10T00:00:00Z until it is set, and the {@linkplain #store store} accepts injected faults. No task
 * runs in the background: call {@link #runMaintenance} in its place. Not thread-safe; use one instance for each test, as {@link
 * KeywrightExtension} does.
 */
public final class TestKeys {

    private static final Instant START = Instant.parse("2025-03-10T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    /** Public, which is harmless for keys that exist during a test only. */
    private static final Pepper PEPPER =
            Pepper.of("a pepper for tests, of no other use".getBytes(StandardCharsets.US_ASCII));

    private final FaultyKeyStore store = FaultyKeyStore.wrapping(new InMemoryKeyStore());
    private final SettableClock clock = SettableClock.at(START);
    private final ScopeCatalog catalog;
    private final SecureRandom random;
    private final ApiKeys apiKeys;
    private Runnable maintenance = () -> {};

    /**
     * The two keys of a rotation with an overlap of one day.
     *
     * @param predecessor the rotated key, with its expiry, and its secret
     * @param successor the new key and its secret
     */
    public record RotatedKey(IssuedKey predecessor, IssuedKey successor) {

        /**
         * Creates the pair.
         *
         * @param predecessor the rotated key
         * @param successor the new key
         */
        public RotatedKey {
            Objects.requireNonNull(predecessor);
            Objects.requireNonNull(successor);
        }
    }

    private TestKeys(ScopeCatalog catalog, SecureRandom random) {
        this.catalog = catalog;
        this.random = random;
        this.apiKeys = on(store, task -> maintenance = task);
    }

    private ApiKeys on(KeyStore keyStore, Consumer<Runnable> scheduler) {
        return Keywright.builder()
                .store(keyStore)
                .scopes(catalog)
                .pepper(PEPPER)
                .clock(clock)
                .random(random)
                .maintenanceScheduler(scheduler)
                .build();
    }

    /**
     * Creates a fixture on an empty store.
     *
     * @param first a scope of the catalog
     * @param more further scopes of the catalog
     * @return the fixture
     */
    public static TestKeys withScopes(String first, String... more) {
        return with(new SecureRandom(), catalog(first, more));
    }

    static TestKeys with(SecureRandom random, ScopeCatalog catalog) {
        return new TestKeys(catalog, random);
    }

    static ScopeCatalog catalog(String first, String... more) {
        ScopeCatalog catalog = ScopeCatalog.of(first, "test scope " + first);
        for (String scope : more) {
            catalog = catalog.and(scope, "test scope " + scope);
        }
        return catalog;
    }

    /** {@return the entry point for the code under test} */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** {@return the clock of creation, expiry and usage} */
    public SettableClock clock() {
        return clock;
    }

    /** {@return the store of the keys, for the injection of faults} */
    public FaultyKeyStore store() {
        return store;
    }

    /** Runs maintenance in this thread: records usage, and publishes events for keys that expire soon. */
    public void runMaintenance() {
        maintenance.run();
    }

    /**
     * Returns a management session for a tenant, with the role {@code Admin}.
     *
     * @param tenant the tenant
     * @return the session
     */
    public ManagementSession admin(String tenant) {
        return ManagementSession.of(TenantId.of(tenant), UserId.of("admin of " + tenant))
                .withRoles("Admin");
    }

    /**
     * Issues an active key, which was never used.
     *
     * @param tenant the tenant
     * @param scopes the scopes; by default all of the catalog
     * @return the key and its secret
     */
    public IssuedKey active(String tenant, String... scopes) {
        return managed(tenant).issue(request(scopes));
    }

    /**
     * Issues an active key, and uses it once for each of its scopes. The usage is recorded.
     *
     * @param tenant the tenant
     * @param scopes the scopes; by default all of the catalog
     * @return the key, with its usage, and its secret
     */
    public IssuedKey used(String tenant, String... scopes) {
        IssuedKey issued = active(tenant, scopes);
        for (Scope scope : issued.key().scopes()) {
            apiKeys.verify(issued.secret().reveal(), scope);
        }
        runMaintenance();
        return current(issued);
    }

    /**
     * Issues an active key with an expiry.
     *
     * @param tenant the tenant
     * @param lifetime the time until it expires; at least one millisecond
     * @param scopes the scopes; by default all of the catalog
     * @return the key and its secret
     */
    public IssuedKey expiringIn(String tenant, Duration lifetime, String... scopes) {
        return managed(tenant).issue(request(scopes).expiringAfter(lifetime));
    }

    /**
     * Issues a key, and rotates it with an overlap of one day.
     *
     * @param tenant the tenant
     * @param scopes the scopes of both keys; by default all of the catalog
     * @return both keys and their secrets
     */
    public RotatedKey rotated(String tenant, String... scopes) {
        IssuedKey old = active(tenant, scopes);
        Rotation rotation = managed(tenant).rotate(old.key().id(), DAY);
        return new RotatedKey(new IssuedKey(rotation.predecessor(), old.secret()), rotation.successor());
    }

    /**
     * Issues a key, and revokes it.
     *
     * @param tenant the tenant
     * @param scopes the scopes; by default all of the catalog
     * @return the revoked key and its secret
     */
    public IssuedKey revoked(String tenant, String... scopes) {
        IssuedKey issued = active(tenant, scopes);
        managed(tenant).revoke(issued.key().id(), "made for a test");
        return current(issued);
    }

    /**
     * Issues a key as of one day ago, which expires now.
     *
     * @param tenant the tenant
     * @param scopes the scopes; by default all of the catalog
     * @return the key and its secret
     */
    public IssuedKey expired(String tenant, String... scopes) {
        clock.advance(DAY.negated());
        try {
            return expiringIn(tenant, DAY, scopes);
        } finally {
            clock.advance(DAY);
        }
    }

    /** {@return a well-formed key with valid check characters that was never issued} */
    public Secret unknown() {
        return on(new InMemoryKeyStore(), task -> {})
                .managedBy(admin("nowhere"))
                .issue(request())
                .secret();
    }

    private TenantKeys managed(String tenant) {
        return apiKeys.managedBy(admin(tenant));
    }

    private IssuedKey current(IssuedKey issued) {
        TenantKeys keys = managed(issued.key().tenant().value());
        return new IssuedKey(keys.get(issued.key().id()), issued.secret());
    }

    private NewKey request(String... scopes) {
        Scopes granted = scopes.length == 0 ? Scopes.of(catalog.scopes()) : Scopes.of(scopes);
        return NewKey.named("Key for a test").allowing(granted);
    }
}
