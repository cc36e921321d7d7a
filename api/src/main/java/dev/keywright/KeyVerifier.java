package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * Says whether a key that somebody presented may be used. Safe for use by many threads.
 *
 * <p>It takes the bare token, never a header. Nothing that a client can send makes it throw: what throws is a store that
 * cannot answer, and that is never a yes.
 */
public interface KeyVerifier {

    /**
     * Whether a token means to be one of our keys, by its shape alone: it begins as they do. What does not is somebody
     * else's business, a session token for example; what does is to be verified, and refused if it is not valid.
     *
     * @param token the bare token; null, where the client sent none, is not one of ours
     * @return whether it begins as our keys do; it need not be valid
     */
    boolean recognizes(@Nullable String token);

    /**
     * Verifies a key.
     *
     * @param token the bare token; null, where the client sent none, is {@link Rejected.Reason#MALFORMED}
     * @return the outcome
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification verify(@Nullable String token);

    /**
     * Verifies a key that is about to be used for something.
     *
     * @param token the bare token; null, where the client sent none, is {@link Rejected.Reason#MALFORMED}
     * @param required the scope that it must have
     * @return the outcome; {@link Verified} only if the key has the scope
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification verify(@Nullable String token, Scope required);

    /**
     * Verifies the key of an earlier verification again, without its text: for a request that goes on after it was let in, such
     * as a stream, a WebSocket or a long download. The answer is under the same promise as {@link #verify(String)}, at the same
     * speed where the node caches, and records no usage.
     *
     * @param earlier the outcome of an earlier verification by this verifier
     * @return the outcome as of now
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification recheck(Verified earlier);

    /**
     * Verifies a key without recording usage: for a request that the caller refuses anyway, or whose usage is recorded
     * already. Otherwise the same as {@link #verify(String)}; a rejection is reported as an event.
     *
     * @param token the bare token
     * @return the outcome
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification check(@Nullable String token);
}
