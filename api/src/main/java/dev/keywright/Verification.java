package dev.keywright;

import java.util.Objects;
import java.util.function.Function;

/**
 * What a key turned out to be when it was presented: {@link Verified}, or {@link Rejected} with a reason.
 *
 * <p>There are two cases and not three on purpose: whoever asked for a scope and sees {@link Verified} may go ahead.
 */
public sealed interface Verification permits Verified, Rejected {

    /**
     * Does one thing or the other.
     *
     * @param <T> what comes of it
     * @param verified what to do where the key may be used
     * @param rejected what to do where it may not
     * @return what came of it
     */
    default <T> T fold(
            Function<? super Verified, ? extends T> verified, Function<? super Rejected, ? extends T> rejected) {
        // Both are asked for before either is called: a missing one should not wait for the day on which it is needed.
        Objects.requireNonNull(verified);
        Objects.requireNonNull(rejected);
        return this instanceof Verified v ? verified.apply(v) : rejected.apply((Rejected) this);
    }

    /**
     * The key, or an exception of the caller's own.
     *
     * @param <X> the type of the exception
     * @param refusal makes the exception of the reason
     * @return the key that may be used
     * @throws X where it may not
     */
    default <X extends Throwable> Verified orElseThrow(Function<? super Rejected, ? extends X> refusal) throws X {
        Objects.requireNonNull(refusal);
        if (this instanceof Verified verified) {
            return verified;
        }
        throw refusal.apply((Rejected) this);
    }
}
