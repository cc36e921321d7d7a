package dev.keywright.management;

import dev.keywright.ApiKey;
import java.util.Objects;

/**
 * That a key was rotated: the old one, which now has an end, and the new one that takes its place.
 *
 * @param predecessor the old key as it now is: its end is set, or it is revoked where no overlap was asked for
 * @param successor the new key with its secret, which can be had only now
 */
public record Rotation(ApiKey predecessor, IssuedKey successor) {

    /**
     * Takes the two keys.
     *
     * @param predecessor the old key
     * @param successor the new key
     */
    public Rotation {
        Objects.requireNonNull(predecessor);
        Objects.requireNonNull(successor);
    }
}
