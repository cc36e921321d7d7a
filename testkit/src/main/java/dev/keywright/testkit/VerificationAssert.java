package dev.keywright.testkit;

import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.Verification;
import dev.keywright.Verified;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions for the result of a verification, created by {@link KeywrightAssertions#assertThat(Verification)}. */
public final class VerificationAssert extends AbstractAssert<VerificationAssert, Verification> {

    VerificationAssert(@Nullable Verification actual) {
        super(actual, VerificationAssert.class);
    }

    /**
     * Verifies that the key was accepted.
     *
     * @return this
     */
    public VerificationAssert isVerified() {
        verified();
        return this;
    }

    /**
     * Verifies that the key was accepted, and has a scope.
     *
     * @param scope the scope
     * @return this
     */
    public VerificationAssert allows(String scope) {
        Verified verified = verified();
        if (!verified.allows(Scope.of(scope))) {
            failWithMessage(
                    "Expecting %s to allow <%s>, but it allows <%s>",
                    verified.key(), scope, verified.key().scopes());
        }
        return this;
    }

    /**
     * Verifies that the key was accepted, and belongs to a tenant.
     *
     * @param tenant the tenant
     * @return this
     */
    public VerificationAssert isOfTenant(String tenant) {
        Verified verified = verified();
        if (!verified.tenant().equals(TenantId.of(tenant))) {
            failWithMessage("Expecting a key of tenant <%s>, but it is %s", tenant, verified.key());
        }
        return this;
    }

    /**
     * Verifies that the key was rejected, for any reason.
     *
     * @return this
     */
    public VerificationAssert isRejected() {
        rejected();
        return this;
    }

    /**
     * Verifies that the key was rejected for a reason.
     *
     * @param reason the reason
     * @return this
     */
    public VerificationAssert isRejectedWith(Rejected.Reason reason) {
        Rejected rejected = rejected();
        if (rejected.reason() != reason) {
            failWithMessage("Expecting the key to be rejected with <%s>, but was %s", reason, rejected);
        }
        return this;
    }

    /**
     * Verifies that the key was rejected because it lacks the required scope.
     *
     * @param scope the scope
     * @return this
     */
    public VerificationAssert lacks(String scope) {
        Rejected rejected = isRejectedWith(Rejected.Reason.MISSING_SCOPE).rejected();
        Optional<Scope> missing = rejected.missingScope();
        if (!missing.equals(Optional.of(Scope.of(scope)))) {
            failWithMessage("Expecting the key to lack <%s>, but it lacks <%s>", scope, missing.orElse(null));
        }
        return this;
    }

    /**
     * Returns an assertion for the key, which may have been accepted or rejected. Fails if the key is unknown.
     *
     * @return the assertion for the key
     */
    public ApiKeyAssert key() {
        isNotNull();
        Optional<ApiKey> key = actual.fold(verified -> Optional.of(verified.key()), Rejected::key);
        if (key.isEmpty()) {
            failWithMessage("Expecting a key that exists, but was %s", actual);
        }
        return new ApiKeyAssert(key.orElse(null)).as(descriptionText());
    }

    private Verified verified() {
        isNotNull();
        if (actual instanceof Verified verified) {
            return verified;
        }
        throw failure("Expecting the key to be verified, but was %s", actual);
    }

    private Rejected rejected() {
        isNotNull();
        if (actual instanceof Rejected rejected) {
            return rejected;
        }
        throw failure("Expecting the key to be rejected, but was %s", actual);
    }
}
