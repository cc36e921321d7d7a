package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.Scopes;
import java.util.Objects;
import java.util.Optional;

/**
 * That a key may do more than it has ever done.
 *
 * @param key the key
 * @param unused the scopes that it has never been used for
 * @param enough the smaller set that would do; empty where it has not been used for any of its scopes
 */
public record UnusedScopes(ApiKey key, Scopes unused, Optional<Scopes> enough) {

    /**
     * Takes the parts.
     *
     * @param key the key
     * @param unused what it has never been used for
     * @param enough what would do
     */
    public UnusedScopes {
        Objects.requireNonNull(key);
        Objects.requireNonNull(unused);
        Objects.requireNonNull(enough);
    }
}
