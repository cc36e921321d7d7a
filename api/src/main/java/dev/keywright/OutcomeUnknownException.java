package dev.keywright;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the store was lost during a commit, so that the change may or may not have happened. Revoking, purging
 * and importing are idempotent: repeat the call. After an issue, revoke the key with this id, whose secret was not
 * delivered.
 */
public final class OutcomeUnknownException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final @Nullable KeyId id;

    /**
     * Creates the exception for one key.
     *
     * @param id the id of the key
     * @param cause the cause, for operators; must not contain a secret or digest; null if there is none
     */
    public OutcomeUnknownException(KeyId id, @Nullable Throwable cause) {
        super("the store was lost while it wrote: it is not known whether the API key " + id + " was changed", cause);
        this.id = id;
    }

    /**
     * Creates the exception for several keys.
     *
     * @param cause the cause, as for one key
     */
    public OutcomeUnknownException(@Nullable Throwable cause) {
        super("the store was lost while it wrote: it is not known whether the API keys were changed", cause);
        this.id = null;
    }

    /** {@return the id of the key in doubt; empty if there are several} */
    public Optional<KeyId> id() {
        return Optional.ofNullable(id);
    }
}
