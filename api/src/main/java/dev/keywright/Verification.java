package dev.keywright;

import java.util.Objects;
import java.util.function.Function;

/**
 * Outcome of a verification: {@link Verified}, or {@link Rejected} with a reason.
 *
 * <p>There are two cases, not three, so that a missing condition cannot pass for a success: {@link Verified} includes the
 * required scope.
 */
public sealed interface Verification permits Verified, Rejected {

    /**
     * Applies one of two functions.
     *
     * @param <T> the result type
     * @param verified the function for a verified key
     * @param rejected the function for a rejected key
     * @return the result of the function
     */
    default <T> T fold(
            Function<? super Verified, ? extends T> verified, Function<? super Rejected, ? extends T> rejected) {
        // Both are checked before either is called, so that a null fails on the first call.
        Objects.requireNonNull(verified);
        Objects.requireNonNull(rejected);
        return this instanceof Verified v ? verified.apply(v) : rejected.apply((Rejected) this);
    }

    /**
     * Returns the verified key, or throws an exception of the caller.
     *
     * @param <X> the type of the exception
     * @param refusal creates the exception from the rejection
     * @return the verified key
     * @throws X if the key is rejected
     */
    default <X extends Throwable> Verified orElseThrow(Function<? super Rejected, ? extends X> refusal) throws X {
        Objects.requireNonNull(refusal);
        if (this instanceof Verified verified) {
            return verified;
        }
        throw refusal.apply((Rejected) this);
    }
}
