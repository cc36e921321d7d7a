package dev.keywright.testkit;

import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** What can be said of a key. Begun by {@link KeywrightAssertions#assertThat(ApiKey)}. */
public final class ApiKeyAssert extends AbstractAssert<ApiKeyAssert, ApiKey> {

    ApiKeyAssert(@Nullable ApiKey actual) {
        super(actual, ApiKeyAssert.class);
    }

    /**
     * The key is a tenant's.
     *
     * @param tenant whose
     * @return this
     */
    public ApiKeyAssert isOfTenant(String tenant) {
        isNotNull();
        return expect("tenant", tenant, actual.tenant().value());
    }

    /**
     * People call the key so.
     *
     * @param name the name
     * @return this
     */
    public ApiKeyAssert hasName(String name) {
        isNotNull();
        return expect("name", name, actual.name().value());
    }

    /**
     * The key has these scopes and no others, in this order.
     *
     * @param scopes the scopes
     * @return this
     */
    public ApiKeyAssert hasScopesExactly(String... scopes) {
        isNotNull();
        return expect("scopes", Scopes.of(scopes), actual.scopes());
    }

    /**
     * The key works at an instant.
     *
     * @param now the instant
     * @return this
     */
    public ApiKeyAssert isActiveAt(Instant now) {
        return isInState(ApiKey.State.ACTIVE, now);
    }

    /**
     * The key's end has come by an instant, and nobody has revoked it.
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
     * Somebody has revoked the key.
     *
     * @return this
     */
    public ApiKeyAssert isRevoked() {
        isNotNull();
        if (actual.revocation().isEmpty()) {
            failWithMessage("Expecting %s to be revoked, but nobody has revoked it", actual);
        }
        return this;
    }

    /**
     * Somebody has revoked the key, for a reason.
     *
     * @param reason why, in their words
     * @return this
     */
    public ApiKeyAssert isRevokedWithReason(String reason) {
        isRevoked();
        return expect(
                "reason", reason, actual.revocation().map(Revocation::reason).orElse(null));
    }

    /**
     * The key ends by itself.
     *
     * @param end when
     * @return this
     */
    public ApiKeyAssert expiresAt(Instant end) {
        isNotNull();
        return expect("end", end, actual.expiresAt().orElse(null));
    }

    /**
     * The key does not end by itself.
     *
     * @return this
     */
    public ApiKeyAssert neverExpires() {
        isNotNull();
        return expect("end", null, actual.expiresAt().orElse(null));
    }

    /**
     * The key took the place of another one.
     *
     * @param predecessor the old key
     * @return this
     */
    public ApiKeyAssert isSuccessorOf(ApiKey predecessor) {
        isNotNull();
        return expect("predecessor", predecessor.id(), actual.predecessor().orElse(null));
    }

    /**
     * The key was used, as far as that has been written down.
     *
     * @param times how often; never, where it is 0
     * @return this
     */
    public ApiKeyAssert wasUsed(long times) {
        isNotNull();
        return expect(
                "number of uses", times, actual.usage().map(KeyUsage::count).orElse(0L));
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
