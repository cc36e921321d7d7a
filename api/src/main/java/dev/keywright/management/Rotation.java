package dev.keywright.management;

import dev.keywright.ApiKey;
import java.util.Objects;

/**
 * Result of a rotation: the old key, which now expires, and the new key that replaces it.
 *
 * @param predecessor the old key after the rotation: its expiry is set, or it is revoked if the overlap is zero
 * @param successor the new key with its secret, which is available only here
 */
public record Rotation(ApiKey predecessor, IssuedKey successor) {

    /**
     * Checks the parts.
     *
     * @param predecessor the old key
     * @param successor the new key
     */
    public Rotation {
        Objects.requireNonNull(predecessor);
        Objects.requireNonNull(successor);
    }
}
