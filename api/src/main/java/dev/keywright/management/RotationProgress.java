package dev.keywright.management;

import dev.keywright.ApiKey;
import java.util.Objects;

/**
 * How far a rotation has come: whether those who use the old key have moved to the new one.
 *
 * @param predecessor the old key, with its end and its last use
 * @param successor the new key
 * @param safeToComplete whether the old key can be ended now: it no longer works, or it has been there and was not used for as
 *     long as was asked, and either the new one has been used or the old one never was
 */
public record RotationProgress(ApiKey predecessor, ApiKey successor, boolean safeToComplete) {

    /**
     * Takes the parts.
     *
     * @param predecessor the old key
     * @param successor the new key
     * @param safeToComplete whether the old key can be ended now
     */
    public RotationProgress {
        Objects.requireNonNull(predecessor);
        Objects.requireNonNull(successor);
    }
}
