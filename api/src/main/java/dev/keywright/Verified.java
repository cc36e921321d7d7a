package dev.keywright;

import java.util.Objects;

/** A key that may be used: it was issued here, has not ended, and has the scope that was asked for, if one was. */
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

    /** {@return whom the key belongs to: nothing of another tenant's may be shown to whoever presented it} */
    public TenantId tenant() {
        return key.tenant();
    }

    /**
     * Whether the key has a scope, exactly.
     *
     * @param scope the scope
     * @return whether it has
     */
    public boolean allows(Scope scope) {
        return key.scopes().contains(scope);
    }

    @Override
    public String toString() {
        return "Verified[" + key + "]";
    }
}
