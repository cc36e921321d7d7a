package dev.keywright.testkit;

import dev.keywright.ApiKeys;
import dev.keywright.IssuedKey;
import dev.keywright.NewKey;
import dev.keywright.ScopeCatalog;
import dev.keywright.Scopes;
import dev.keywright.Secret;
import dev.keywright.Session;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Ready-made keys for unit tests, issued by the real machine on a store in memory.
 *
 * <pre>{@code
 * TestKeys keys = TestKeys.offering("read:people", "write:people");
 * var filter = new MyFilter(keys.apiKeys());
 * String token = keys.active("north", "read:people").secret().reveal();
 * }</pre>
 *
 * <p>Its clock stands at 2025-03-10T00:00:00Z until it is set. Meant for one test, in one thread.
 */
public final class TestKeys {

    private static final Instant START = Instant.parse("2025-03-10T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(1);

    /** Known to everybody, which does not matter: it guards keys that live as long as a test. */
    private static final Pepper PEPPER =
            Pepper.of("a pepper for tests, of no other use".getBytes(StandardCharsets.US_ASCII));

    private final SettableClock clock = SettableClock.at(START);
    private final ScopeCatalog offered;
    private final ApiKeys apiKeys;

    private TestKeys(ScopeCatalog offered) {
        this.offered = offered;
        this.apiKeys = onNewStore();
    }

    private ApiKeys onNewStore() {
        return Keywright.using(new InMemoryKeyStore())
                .offering(offered)
                .pepper(PEPPER)
                .clock(clock)
                .build();
    }

    /**
     * A new store without keys.
     *
     * @param first a scope that keys can be issued with
     * @param more further ones
     * @return the fixture
     */
    public static TestKeys offering(String first, String... more) {
        ScopeCatalog offered = ScopeCatalog.of(first, "do what " + first + " says");
        for (String scope : more) {
            offered = offered.and(scope, "do what " + scope + " says");
        }
        return new TestKeys(offered);
    }

    /** {@return what the code under test is to be given} */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** {@return the clock by which keys are dated and expire} */
    public SettableClock clock() {
        return clock;
    }

    /**
     * A session that may manage a tenant's keys.
     *
     * @param tenant whose keys
     * @return the session
     */
    public Session admin(String tenant) {
        return Session.of(TenantId.of(tenant), UserId.of("admin of " + tenant)).withRoles("Admin");
    }

    /**
     * A key that works.
     *
     * @param tenant whose key
     * @param scopes what it may do; all that is offered, if none is said
     * @return the key and its secret
     */
    public IssuedKey active(String tenant, String... scopes) {
        return apiKeys.managedBy(admin(tenant)).issue(request(scopes));
    }

    /**
     * A key that was revoked.
     *
     * @param tenant whose key
     * @param scopes what it could do; all that is offered, if none is said
     * @return the key, as it was before, and its secret
     */
    public IssuedKey revoked(String tenant, String... scopes) {
        IssuedKey issued = active(tenant, scopes);
        apiKeys.managedBy(admin(tenant)).revoke(issued.key().id(), "made for a test");
        return issued;
    }

    /**
     * A key that was issued a day ago and whose end is the present.
     *
     * @param tenant whose key
     * @param scopes what it could do; all that is offered, if none is said
     * @return the key and its secret
     */
    public IssuedKey expired(String tenant, String... scopes) {
        clock.advance(LIFETIME.negated());
        try {
            return apiKeys.managedBy(admin(tenant)).issue(request(scopes).endingAfter(LIFETIME));
        } finally {
            clock.advance(LIFETIME);
        }
    }

    /** {@return a key whose check characters fit, as if it had been issued here, and was not} */
    public Secret unknown() {
        return onNewStore().managedBy(admin("nowhere")).issue(request()).secret();
    }

    private NewKey request(String... scopes) {
        Scopes wanted = scopes.length == 0 ? Scopes.of(offered.scopes()) : Scopes.of(scopes);
        return NewKey.named("Key for a test").allowing(wanted);
    }
}
