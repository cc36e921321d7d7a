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
 * What those who run a district should know about its keys. Each report reads the tenant's active keys, oldest first.
 * Those of use go by what has been written down; the uses that this node has gathered are written before, those of other
 * nodes may be an interval behind. Safe for use by many threads.
 *
 * <p>Each of them throws {@link StoreUnavailableException} if the store cannot answer.
 */
public interface KeyReports {

    /**
     * The keys that were not used for some time: those that nobody seems to need.
     *
     * @param duration for how long; a key that was issued since is not among them
     * @return the active keys whose last use, or issue where they were never used, lies at least so long back
     * @throws InvalidRequestException for the field {@code duration}, if it is negative
     */
    List<ApiKey> unusedFor(Duration duration);

    /**
     * The keys that may do more than they have ever done. A scope counts as used where {@link
     * KeyVerifier#verify(String, Scope)} asked for it: of a host that asks {@link Verified#allows} alone, every scope looks
     * unused.
     *
     * @return each active key with a scope that it has never been used for
     */
    List<UnusedScopes> unusedScopes();

    /**
     * The keys that end soon.
     *
     * @param duration within what time from now
     * @return the active keys whose end comes no later
     * @throws InvalidRequestException for the field {@code duration}, if it is negative
     */
    List<ApiKey> expiringWithin(Duration duration);

    /**
     * The keys that were issued under another pepper than the one that keys are issued under now: rotation moves them.
     *
     * @return those of the active keys
     */
    List<ApiKey> onOtherPeppers();

    /**
     * How far the rotation of a key has come.
     *
     * @param id the old key, or the new one
     * @param quiet for how long the old key must not have been used; longer than the longest pause that those who use it
     *     make, for example a day and an hour for a nightly job
     * @return when it was last used, and whether it is safe to end it now
     * @throws KeyNotFoundException if this tenant has no such key, or the other one of the two is no longer kept
     * @throws InvalidRequestException for the field {@code quiet}, if it is negative
     * @throws KeyConflictException if the key was not rotated
     */
    RotationProgress rotation(KeyId id, Duration quiet);
}
