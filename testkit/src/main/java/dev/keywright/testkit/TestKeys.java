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
 * Ready-made keys for unit tests, issued by the real machine on a store in memory: one line for a key in each state.
 *
 * <pre>{@code
 * TestKeys keys = TestKeys.offering("read:people", "write:people");
 * var filter = new MyFilter(keys.apiKeys());
 * String token = keys.active("north", "read:people").secret().reveal();
 * }</pre>
 *
 * <p>Its clock stands at 2025-03-10T00:00:00Z until it is set, its {@linkplain #store store} fails when it is told to, and
 * nothing happens in the background: {@link #runMaintenance} does what a thread would do every minute. Meant for one test,
 * in one thread; {@link KeywrightExtension} hands a fresh one to each.
 */
public final class TestKeys {

    private static final Instant START = Instant.parse("2025-03-10T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    /** Known to everybody, which does not matter: it guards keys that live as long as a test. */
    private static final Pepper PEPPER =
            Pepper.of("a pepper for tests, of no other use".getBytes(StandardCharsets.US_ASCII));

    private final FaultyKeyStore store = FaultyKeyStore.wrapping(new InMemoryKeyStore());
    private final SettableClock clock = SettableClock.at(START);
    private final ScopeCatalog offered;
    private final SecureRandom random;
    private final ApiKeys apiKeys;
    private Runnable housekeeping = () -> {};

    /**
     * A key that was rotated, and the one that it was rotated to: for a day, both work.
     *
     * @param predecessor the old key, as it now is, and its secret
     * @param successor the new key and its secret
     */
    public record RotatedKey(IssuedKey predecessor, IssuedKey successor) {

        /**
         * Takes the two keys.
         *
         * @param predecessor the old key
         * @param successor the new key
         */
        public RotatedKey {
            Objects.requireNonNull(predecessor);
            Objects.requireNonNull(successor);
        }
    }

    private TestKeys(ScopeCatalog offered, SecureRandom random) {
        this.offered = offered;
        this.random = random;
        this.apiKeys = on(store, task -> housekeeping = task);
    }

    private ApiKeys on(KeyStore keyStore, Consumer<Runnable> schedule) {
        return Keywright.builder()
                .store(keyStore)
                .scopes(offered)
                .pepper(PEPPER)
                .clock(clock)
                .random(random)
                .maintenanceScheduler(schedule)
                .build();
    }

    /**
     * A new store without keys.
     *
     * @param first a scope that keys can be issued with
     * @param more further ones
     * @return the fixture
     */
    public static TestKeys withScopes(String first, String... more) {
        return drawnFrom(new SecureRandom(), catalog(first, more));
    }

    static TestKeys drawnFrom(SecureRandom random, ScopeCatalog offered) {
        return new TestKeys(offered, random);
    }

    static ScopeCatalog catalog(String first, String... more) {
        ScopeCatalog offered = ScopeCatalog.of(first, "do what " + first + " says");
        for (String scope : more) {
            offered = offered.and(scope, "do what " + scope + " says");
        }
        return offered;
    }

    /** {@return what the code under test is to be given} */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** {@return the clock by which keys are dated and expire} */
    public SettableClock clock() {
        return clock;
    }

    /** {@return where the keys are kept, which fails when it is told to} */
    public FaultyKeyStore store() {
        return store;
    }

    /** Writes down how keys were used, and looks for those that end soon: now, in this thread. */
    public void runMaintenance() {
        housekeeping.run();
    }

    /**
     * A session that may manage a tenant's keys.
     *
     * @param tenant whose keys
     * @return the session
     */
    public ManagementSession admin(String tenant) {
        return ManagementSession.of(TenantId.of(tenant), UserId.of("admin of " + tenant))
                .withRoles("Admin");
    }

    /**
     * A key that works, and was never used.
     *
     * @param tenant whose key
     * @param scopes what it may do; all that is offered, if none is said
     * @return the key and its secret
     */
    public IssuedKey active(String tenant, String... scopes) {
        return managed(tenant).issue(request(scopes));
    }

    /**
     * A key that works, and was just used, once for each of its scopes; that is written down.
     *
     * @param tenant whose key
     * @param scopes what it may do; all that is offered, if none is said
     * @return the key, with its usage, and its secret
     */
    public IssuedKey used(String tenant, String... scopes) {
        IssuedKey issued = active(tenant, scopes);
        for (Scope scope : issued.key().scopes()) {
            apiKeys.verify(issued.secret().reveal(), scope);
        }
        runMaintenance();
        return asItNowIs(issued);
    }

    /**
     * A key that works, and whose end is in sight.
     *
     * @param tenant whose key
     * @param left for how long it works from now on, at least a millisecond
     * @param scopes what it may do; all that is offered, if none is said
     * @return the key and its secret
     */
    public IssuedKey expiringIn(String tenant, Duration left, String... scopes) {
        return managed(tenant).issue(request(scopes).expiringAfter(left));
    }

    /**
     * A key that was just rotated, so that it ends in a day, and the one that takes its place.
     *
     * @param tenant whose keys
     * @param scopes what they may do; all that is offered, if none is said
     * @return both keys and their secrets
     */
    public RotatedKey rotated(String tenant, String... scopes) {
        IssuedKey old = active(tenant, scopes);
        Rotation rotation = managed(tenant).rotate(old.key().id(), DAY);
        return new RotatedKey(new IssuedKey(rotation.predecessor(), old.secret()), rotation.successor());
    }

    /**
     * A key that was revoked.
     *
     * @param tenant whose key
     * @param scopes what it could do; all that is offered, if none is said
     * @return the key, revoked, and its secret
     */
    public IssuedKey revoked(String tenant, String... scopes) {
        IssuedKey issued = active(tenant, scopes);
        managed(tenant).revoke(issued.key().id(), "made for a test");
        return asItNowIs(issued);
    }

    /**
     * A key that was issued a day ago and whose end is the present.
     *
     * @param tenant whose key
     * @param scopes what it could do; all that is offered, if none is said
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

    /** {@return a key whose check characters fit, as if it had been issued here, and was not} */
    public Secret unknown() {
        return on(new InMemoryKeyStore(), task -> {})
                .managedBy(admin("nowhere"))
                .issue(request())
                .secret();
    }

    private TenantKeys managed(String tenant) {
        return apiKeys.managedBy(admin(tenant));
    }

    private IssuedKey asItNowIs(IssuedKey issued) {
        TenantKeys keys = managed(issued.key().tenant().value());
        return new IssuedKey(keys.get(issued.key().id()), issued.secret());
    }

    private NewKey request(String... scopes) {
        Scopes wanted = scopes.length == 0 ? Scopes.of(offered.scopes()) : Scopes.of(scopes);
        return NewKey.named("Key for a test").allowing(wanted);
    }
}
