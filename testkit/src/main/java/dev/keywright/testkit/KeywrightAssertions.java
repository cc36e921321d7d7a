package dev.keywright.testkit;

import dev.keywright.ApiKey;
import dev.keywright.Verification;
import org.jspecify.annotations.Nullable;

/**
 * AssertJ assertions for keys and verifications. No failure message contains a secret or a digest.
 *
 * <pre>{@code
 * assertThat(keys.verify(token, Scope.of("write:people"))).isRejected().lacks("write:people");
 * }</pre>
 */
public final class KeywrightAssertions {

    private KeywrightAssertions() {}

    /**
     * Creates an assertion for the result of a verification.
     *
     * @param actual the result
     * @return the assertion
     */
    public static VerificationAssert assertThat(@Nullable Verification actual) {
        return new VerificationAssert(actual);
    }

    /**
     * Creates an assertion for a key.
     *
     * @param actual the key
     * @return the assertion
     */
    public static ApiKeyAssert assertThat(@Nullable ApiKey actual) {
        return new ApiKeyAssert(actual);
    }
}
