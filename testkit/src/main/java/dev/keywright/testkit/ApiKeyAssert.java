package dev.keywright.testkit;

import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions for a key, created by {@link KeywrightAssertions#assertThat(ApiKey)}. */
public final class ApiKeyAssert extends AbstractAssert<ApiKeyAssert, ApiKey> {

    ApiKeyAssert(@Nullable ApiKey actual) {
        super(actual, ApiKeyAssert.class);
    }

    /**
     * Verifies that the key belongs to a tenant.
     *
     * @param tenant the tenant
     * @return this
     */
    public ApiKeyAssert isOfTenant(String tenant) {
        isNotNull();
        return expect("tenant", tenant, actual.tenant().value());
    }

    /**
     * Verifies the name of the key.
     *
     * @param name the name
     * @return this
     */
    public ApiKeyAssert hasName(String name) {
        isNotNull();
        return expect("name", name, actual.name().value());
    }

    /**
     * Verifies that the key has exactly these scopes, in this order.
     *
     * @param scopes the scopes
     * @return this
     */
    public ApiKeyAssert hasScopesExactly(String... scopes) {
        isNotNull();
        return expect("scopes", Scopes.of(scopes), actual.scopes());
    }

    /**
     * Verifies that the key is active at an instant.
     *
     * @param now the instant
     * @return this
     */
    public ApiKeyAssert isActiveAt(Instant now) {
        return isInState(ApiKey.State.ACTIVE, now);
    }

    /**
     * Verifies that the key is expired at an instant, and not revoked.
     *
     * @param now the instant
     * @return this
     */
    public ApiKeyAssert isExpiredAt(Instant now) {
        return isInState(ApiKey.State.EXPIRED, now);
    }

    private ApiKeyAssert isInState(ApiKey.State state, Instant now) {
        isNotNull();
        return expect("state at " + now, state, actual.stateAt(now));
    }

    /**
     * Verifies that the key is revoked.
     *
     * @return this
     */
    public ApiKeyAssert isRevoked() {
        isNotNull();
        if (actual.revocation().isEmpty()) {
            failWithMessage("Expecting %s to be revoked, but it is not", actual);
        }
        return this;
    }

    /**
     * Verifies that the key is revoked, and the reason.
     *
     * @param reason the reason
     * @return this
     */
    public ApiKeyAssert isRevokedWithReason(String reason) {
        isRevoked();
        return expect(
                "reason", reason, actual.revocation().map(Revocation::reason).orElse(null));
    }

    /**
     * Verifies the expiry of the key.
     *
     * @param expiry the expiry
     * @return this
     */
    public ApiKeyAssert expiresAt(Instant expiry) {
        isNotNull();
        return expect("expiry", expiry, actual.expiresAt().orElse(null));
    }

    /**
     * Verifies that the key has no expiry.
     *
     * @return this
     */
    public ApiKeyAssert neverExpires() {
        isNotNull();
        return expect("expiry", null, actual.expiresAt().orElse(null));
    }

    /**
     * Verifies that the key is the successor of another key.
     *
     * @param predecessor the key that was rotated
     * @return this
     */
    public ApiKeyAssert isSuccessorOf(ApiKey predecessor) {
        isNotNull();
        return expect("predecessor", predecessor.id(), actual.predecessor().orElse(null));
    }

    /**
     * Verifies the recorded use count of the key.
     *
     * @param times the count; 0 if the key was never used
     * @return this
     */
    public ApiKeyAssert wasUsed(long times) {
        isNotNull();
        return expect("use count", times, actual.usage().map(KeyUsage::count).orElse(0L));
    }

    private ApiKeyAssert expect(String part, @Nullable Object expected, @Nullable Object found) {
        if (!Optional.ofNullable(expected).equals(Optional.ofNullable(found))) {
            failWithActualExpectedAndMessage(
                    found,
                    expected,
                    "Expecting %s to have the %s <%s>, but it has <%s>",
                    actual,
                    part,
                    expected,
                    found);
        }
        return this;
    }
}
