package dev.keywright.testkit;

import dev.keywright.ApiKey;
import dev.keywright.Verification;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about keys, to be imported beside those of AssertJ. No failure message has a secret or a digest in it.
 *
 * <pre>{@code
 * assertThat(keys.verify(token, Scope.of("write:people"))).isRejected().lacks("write:people");
 * }</pre>
 */
public final class KeywrightAssertions {

    private KeywrightAssertions() {}

    /**
     * Begins an assertion about what a key turned out to be.
     *
     * @param actual the outcome
     * @return what can be said of it
     */
    public static VerificationAssert assertThat(@Nullable Verification actual) {
        return new VerificationAssert(actual);
    }

    /**
     * Begins an assertion about a key.
     *
     * @param actual the key
     * @return what can be said of it
     */
    public static ApiKeyAssert assertThat(@Nullable ApiKey actual) {
        return new ApiKeyAssert(actual);
    }
}
