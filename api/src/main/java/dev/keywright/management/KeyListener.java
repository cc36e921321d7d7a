package dev.keywright.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import java.time.Duration;

/**
 * Listener for key events. Every method does nothing by default; none receives a secret or a digest.
 *
 * <p>Each listener has a thread of its own, which delivers one event after another, after the commit, in the order in which this
 * node published them. If two threads change one key, the second may publish first. A change that failed with {@link
 * OutcomeUnknownException} is not published, though it may have been made. An exception is logged, and delivery continues. A
 * slow listener misses events while a thousand are queued, and the log states how many. Neither failures nor slowness affect
 * verification, management or other listeners. Events that are still queued when the process ends are lost.
 *
 * <p>With or without a listener, each event is also logged, by the logger {@code dev.keywright.events}.
 */
public interface KeyListener {

    /**
     * Called after a key was issued or imported. An import publishes every key, which a slow listener may miss.
     *
     * @param key the key, with its creator
     */
    default void issued(ApiKey key) {}

    /**
     * Called after the name, scopes, owner, description or attributes of a key changed.
     *
     * @param before the key before the change
     * @param after the key after the change
     * @param by the actor
     */
    default void changed(ApiKey before, ApiKey after, Actor by) {}

    /**
     * Called after a rotation.
     *
     * @param predecessor the old key after the rotation
     * @param successor the new key, with its creator
     */
    default void rotated(ApiKey predecessor, ApiKey successor) {}

    /**
     * Called after a key was revoked; not for a repeated revocation, nor for those of {@link #rotated}, {@link #revokedAll},
     * {@link #revokedOwnedBy} and {@link #revokedCreatedBy}.
     *
     * @param key the key, with its revocation
     */
    default void revoked(ApiKey key) {}

    /**
     * Called after a key was suspended; not for a repeated suspension.
     *
     * @param key the key, with its suspension
     */
    default void suspended(ApiKey key) {}

    /**
     * Called after a suspended key was resumed.
     *
     * @param key the key
     * @param by the actor
     */
    default void resumed(ApiKey key, Actor by) {}

    /**
     * Called after all keys of a tenant were revoked in one write.
     *
     * @param tenant the tenant
     * @param keys the number of revoked keys
     * @param revocation the revocation
     */
    default void revokedAll(TenantId tenant, long keys, Revocation revocation) {}

    /**
     * Called after the keys of one owner were revoked by {@link TenantKeys#revokeOwnedBy}.
     *
     * @param tenant the tenant of the keys
     * @param owner the owner
     * @param keys the number of revoked keys
     * @param revocation the revocation
     */
    default void revokedOwnedBy(TenantId tenant, KeyOwner owner, long keys, Revocation revocation) {}

    /**
     * Called after the keys that one person created were revoked by {@link TenantKeys#revokeCreatedBy}.
     *
     * @param tenant the tenant of the keys
     * @param creator the person who created them
     * @param keys the number of revoked keys
     * @param revocation the revocation
     */
    default void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {}

    /**
     * Called for a key that expires soon, once for each configured warning, on one of the nodes that share a store: all nodes need
     * the same listeners.
     *
     * @param key the key, with its expiry
     * @param warning the configured time before the expiry, for example 7 days; the expiry may be closer
     */
    default void expiring(ApiKey key, Duration warning) {}

    /**
     * Called after a write has waited at the revocation barrier; not called if no node caches. Dropped, like rejections, while
     * the queue is more than half full.
     *
     * @param wait the duration of the wait
     */
    default void barrierPassed(Duration wait) {}

    /**
     * Called after a management call was refused for lack of permission. Throttled to one call a minute for each user of a tenant;
     * users beyond ten thousand share one throttle. Dropped, like rejections, while the queue is more than half full.
     *
     * @param session the session
     * @param why the missing permission, as a sentence
     * @param heldBack the number of this user's refused calls that were suppressed since the last event
     */
    default void managementRefused(ManagementSession session, String why, long heldBack) {}

    /**
     * Called after a verification was rejected. Throttled to one call a minute for each tenant and reason. Tokens that match no key
     * have no tenant, and share one throttle for each reason; so do tenants beyond ten thousand.
     *
     * @param rejected the outcome
     * @param heldBack the number of rejections with this tenant and reason that were suppressed since the last event
     */
    default void verificationRejected(Rejected rejected, long heldBack) {}
}
