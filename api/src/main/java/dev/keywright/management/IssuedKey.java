package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.Secret;
import java.util.Objects;

/**
 * A new key with its secret. No other type carries a secret out of the library.
 *
 * @param key the metadata of the key
 * @param secret the full text of the key, to be delivered to its owner once
 */
public record IssuedKey(ApiKey key, Secret secret) {

    /**
     * Checks the parts.
     *
     * @param key the key
     * @param secret its full text
     */
    public IssuedKey {
        Objects.requireNonNull(key);
        Objects.requireNonNull(secret);
    }
}
