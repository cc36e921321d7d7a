package dev.keywright.management;

import dev.keywright.ApiKey;
import java.util.Objects;

/** Progress of a rotation: whether the clients of the old key have moved to the new one. */
public final class RotationProgress {

    private final ApiKey predecessor;
    private final ApiKey successor;
    private final boolean safeToComplete;

    private RotationProgress(ApiKey predecessor, ApiKey successor, boolean safeToComplete) {
        this.predecessor = Objects.requireNonNull(predecessor, "predecessor");
        this.successor = Objects.requireNonNull(successor, "successor");
        this.safeToComplete = safeToComplete;
    }

    /**
     * Creates a result.
     *
     * @param predecessor the old key, with its expiry and last use
     * @param successor the new key
     * @param safeToComplete whether the old key can be revoked now: it is inactive; or it was neither created nor used
     *     within the quiet time, and either the new key has been used or the old key never was
     * @return the result
     */
    public static RotationProgress of(ApiKey predecessor, ApiKey successor, boolean safeToComplete) {
        return new RotationProgress(predecessor, successor, safeToComplete);
    }

    /** {@return the old key, with its expiry and last use} */
    public ApiKey predecessor() {
        return predecessor;
    }

    /** {@return the new key} */
    public ApiKey successor() {
        return successor;
    }

    /**
     * {@return whether the old key can be revoked now: it is inactive; or it was neither created nor used within the
     * quiet time, and either the new key has been used or the old key never was}
     */
    public boolean safeToComplete() {
        return safeToComplete;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RotationProgress that
                && predecessor.equals(that.predecessor)
                && successor.equals(that.successor)
                && safeToComplete == that.safeToComplete;
    }

    @Override
    public int hashCode() {
        return Objects.hash(predecessor, successor, safeToComplete);
    }

    @Override
    public String toString() {
        return "RotationProgress[predecessor=" + predecessor + ", successor=" + successor + ", safeToComplete="
                + safeToComplete + "]";
    }
}
