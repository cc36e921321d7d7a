package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyVerifier;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import java.time.Duration;
import java.util.List;

/**
 * Reports on a tenant's active keys, oldest first. Usage reports read recorded usage: this node records its buffered usage
 * first; that of other nodes may be one interval behind. If the store keeps no usage, every key counts as unused. Thread-safe.
 *
 * <p>Every report throws {@link StoreUnavailableException} if the store cannot answer.
 */
public interface KeyReports {

    /**
     * Returns the keys that have been unused for a period.
     *
     * @param duration the period; keys issued within it are left out
     * @return the active keys whose last use, or issue if never used, is at least that long ago
     * @throws InvalidRequestException for the field {@code duration}, if the duration is negative
     */
    List<ApiKey> unusedFor(Duration duration);

    /**
     * Returns the keys with unused scopes. A scope counts as used if {@link KeyVerifier#verify(String, Scope)} required it; if
     * the host only calls {@link Verified#allows}, every scope is reported as unused.
     *
     * @return each active key with an unused scope
     */
    List<UnusedScopes> unusedScopes();

    /**
     * Returns the keys that expire soon.
     *
     * @param duration the period from now
     * @return the active keys that expire within the period
     * @throws InvalidRequestException for the field {@code duration}, if the duration is negative
     */
    List<ApiKey> expiringWithin(Duration duration);

    /**
     * Returns the keys under another pepper than the issuing one. Rotation moves a key to the issuing pepper.
     *
     * @return the active keys under other peppers
     */
    List<ApiKey> onOtherPeppers();

    /**
     * Returns the progress of a rotation.
     *
     * @param id the old key, or the new one
     * @param quiet how long the old key must have been unused; longer than the longest pause of its clients, for example 25 hours
     *     for a nightly job
     * @return both keys, and whether the rotation can be completed safely
     * @throws KeyNotFoundException if this tenant has no such key, or the other key of the rotation has been purged
     * @throws InvalidRequestException for the field {@code quiet}, if the duration is negative
     * @throws KeyConflictException if the key was not rotated
     */
    RotationProgress rotation(KeyId id, Duration quiet);
}
