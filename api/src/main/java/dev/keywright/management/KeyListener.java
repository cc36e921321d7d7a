package dev.keywright.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import java.time.Duration;

/**
 * Is told what happens to keys. Each method does nothing unless it is overridden, and none is ever given a secret or a
 * digest.
 *
 * <p>A listener is called by a thread of its own, one event after another, after the change is committed, in the order in
 * which they were told on this node; of two threads that change one key, the second may tell first. A change whose answer
 * was lost, so that it failed with {@link OutcomeUnknownException}, is not told, though it may have been made. One that throws is told of in the log, and goes on with the next event; one that
 * blocks misses events once a thousand are waiting, and the log says how many. Neither harms those who use and manage
 * keys, or other listeners. Whatever has not been delivered when the process ends is lost.
 *
 * <p>Each event is also a line in the log, whose logger is {@code dev.keywright.events}, with or without a listener.
 */
public interface KeyListener {

    /**
     * A key was issued, or imported. An import tells of each key: a listener that is slower than it misses some.
     *
     * @param key the key; it says by whom
     */
    default void issued(ApiKey key) {}

    /**
     * A key was renamed or re-scoped.
     *
     * @param before the key as it was
     * @param after the key as it now is
     * @param by who did it
     */
    default void changed(ApiKey before, ApiKey after, Actor by) {}

    /**
     * A key was rotated.
     *
     * @param predecessor the old key, as it now is
     * @param successor the new key; it says by whom
     */
    default void rotated(ApiKey predecessor, ApiKey successor) {}

    /**
     * A key was revoked. Not told again where somebody revokes it once more, nor of what {@link #rotated}, {@link
     * #revokedAll} or {@link #revokedCreatedBy} tells.
     *
     * @param key the key; its revocation says by whom, why and when
     */
    default void revoked(ApiKey key) {}

    /**
     * All keys of a tenant were revoked at once.
     *
     * @param tenant whose keys
     * @param keys how many were revoked
     * @param revocation by whom, why and when
     */
    default void revokedAll(TenantId tenant, long keys, Revocation revocation) {}

    /**
     * Keys that one person created were revoked by {@link TenantKeys#revokeCreatedBy}.
     *
     * @param tenant the tenant of the keys
     * @param creator the person who created them
     * @param keys how many were revoked
     * @param revocation when, by whom and why
     */
    default void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {}

    /**
     * A key will end soon. Told once for each key, on one of all the nodes that share a store: so they all need the same
     * listeners.
     *
     * @param key the key; it says when
     */
    default void expiring(ApiKey key) {}

    /**
     * A write has waited until no node could answer any more from what it had cached before. Where nobody caches, nothing
     * waits. Missed, as rejections are, where more than half of what can wait does.
     *
     * @param wait for how long
     */
    default void barrierPassed(Duration wait) {}

    /**
     * A management call was refused, because the session may not do what it asked for. Told at most once a minute for each user
     * of a tenant, so that one who repeats a call floods nobody; users beyond ten thousand at once share one place. Missed,
     * as rejections are, where more than half of the queue is in use.
     *
     * @param session the session that asked
     * @param why what it may not do, in a sentence
     * @param heldBack how many more calls of this user were refused since the last one was told of
     */
    default void managementRefused(ManagementSession session, String why, long heldBack) {}

    /**
     * A key that somebody presented was rejected. Told at most once a minute for each tenant and reason, so that whoever
     * presents bad keys cannot flood anybody. Texts that are no keys have no tenant, and share one place for each reason; so do
     * tenants beyond ten thousand at once.
     *
     * @param rejected why, and which key, where it is one
     * @param heldBack how many more of this tenant and reason were rejected since the last one was told of
     */
    default void verificationRejected(Rejected rejected, long heldBack) {}
}
