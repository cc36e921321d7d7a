package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * Verifies API keys. Thread-safe.
 *
 * <p>Methods take the bare token, never a header. No token causes an exception; only a store that cannot answer does, and then
 * verification fails closed.
 */
public interface KeyVerifier {

    /**
     * Tests whether a token has the prefix of an API key. Other tokens, such as session tokens, belong to the host's own
     * authentication. A recognized token must be verified, and refused if it is invalid.
     *
     * @param token the bare token; null if the client sent none
     * @return whether the token has the prefix of a key; it need not be valid
     */
    boolean recognizes(@Nullable String token);

    /**
     * Verifies a key.
     *
     * @param token the bare token; null, for a missing token, is {@link Rejected.Reason#MALFORMED}
     * @return the outcome
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification verify(@Nullable String token);

    /**
     * Verifies a key and a scope.
     *
     * @param token the bare token; null, for a missing token, is {@link Rejected.Reason#MALFORMED}
     * @param required the scope that the key must have
     * @return the outcome; {@link Verified} only if the key has the scope
     * @throws StoreUnavailableException if the store cannot answer
     */
    Verification verify(@Nullable String token, Scope required);

    /**
     * Verifies the key of an earlier outcome again, without its text, for a long request such as a stream, a WebSocket or a
     * download. The guarantee is that of {@link #verify(String)}, as is the speed on a caching node; no usage is recorded.
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
