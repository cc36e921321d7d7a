package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.Scopes;
import java.util.Objects;
import java.util.Optional;

/** A key, and those of its scopes that no verification has required. */
public final class UnusedScopes {

    private final ApiKey key;
    private final Scopes unused;
    private final Optional<Scopes> enough;

    private UnusedScopes(ApiKey key, Scopes unused, Optional<Scopes> enough) {
        this.key = Objects.requireNonNull(key, "key");
        this.unused = Objects.requireNonNull(unused, "unused");
        this.enough = Objects.requireNonNull(enough, "enough");
    }

    /**
     * Creates a result.
     *
     * @param key the key
     * @param unused the scopes that no verification has required
     * @param enough the other scopes, which suffice; empty if no verification has required any
     * @return the result
     */
    public static UnusedScopes of(ApiKey key, Scopes unused, Optional<Scopes> enough) {
        return new UnusedScopes(key, unused, enough);
    }

    /** {@return the key} */
    public ApiKey key() {
        return key;
    }

    /** {@return the scopes that no verification has required} */
    public Scopes unused() {
        return unused;
    }

    /** {@return the other scopes, which suffice; empty if no verification has required any} */
    public Optional<Scopes> enough() {
        return enough;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnusedScopes that
                && key.equals(that.key)
                && unused.equals(that.unused)
                && enough.equals(that.enough);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, unused, enough);
    }

    @Override
    public String toString() {
        return "UnusedScopes[key=" + key + ", unused=" + unused + ", enough=" + enough + "]";
    }
}
