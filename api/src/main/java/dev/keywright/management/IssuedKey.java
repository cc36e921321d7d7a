package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.Secret;
import java.util.Objects;

/**
 * A new key together with its secret: the only thing that ever carries one out.
 *
 * @param key what is known of the key from now on
 * @param secret its full text, for its owner, once
 */
public record IssuedKey(ApiKey key, Secret secret) {

    /**
     * Takes both.
     *
     * @param key the key
     * @param secret its full text
     */
    public IssuedKey {
        Objects.requireNonNull(key);
        Objects.requireNonNull(secret);
    }
}
