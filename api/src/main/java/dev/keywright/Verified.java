package dev.keywright;

import java.util.Objects;
import java.util.Optional;

/** Outcome of a successful verification: the key exists, is active, and has the required scope, if one was required. */
public final class Verified implements Verification {

    private final ApiKey key;

    private Verified(ApiKey key) {
        this.key = key;
    }

    /**
     * Creates the outcome; the caller has checked the key. Package-private: only core creates one, through {@code
     * dev.keywright.internal}, which no other module can access (on the class path this is not enforced).
     *
     * @param key the key
     * @return the outcome
     */
    static Verified of(ApiKey key) {
        return new Verified(Objects.requireNonNull(key));
    }

    /** {@return the key} */
    public ApiKey key() {
        return key;
    }

    /** {@return the tenant of the key; the client may see data of this tenant only} */
    public TenantId tenant() {
        return key.tenant();
    }

    /**
     * Tests whether the key has a scope. Scopes are compared exactly.
     *
     * @param scope the scope
     * @return whether the key has it
     */
    public boolean allows(Scope scope) {
        return key.scopes().contains(scope);
    }

    /** {@return the environment of the key, for example {@code test}; empty if it has none} */
    public Optional<String> environment() {
        return key.environment();
    }

    /** {@return the attributes of the key; may be empty} */
    public KeyAttributes attributes() {
        return key.attributes();
    }

    @Override
    public String toString() {
        return "Verified[" + key + "]";
    }
}
