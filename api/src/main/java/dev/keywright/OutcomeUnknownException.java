package dev.keywright;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the store was lost while a change was being committed: it may have happened or not. Revoking, purging
 * and importing are safe to repeat. So is revoking the key with this id when it was being issued, since nobody has its
 * secret.
 */
public final class OutcomeUnknownException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final @Nullable KeyId id;

    /**
     * Says which key is in doubt.
     *
     * @param id the key
     * @param cause what lies behind it, for the operators; no secret and no digest may be found in it; null for nothing
     */
    public OutcomeUnknownException(KeyId id, @Nullable Throwable cause) {
        super("the store was lost while it wrote: it is not known whether the API key " + id + " was changed", cause);
        this.id = id;
    }

    /**
     * Says that several keys are in doubt.
     *
     * @param cause what lies behind it, as above
     */
    public OutcomeUnknownException(@Nullable Throwable cause) {
        super("the store was lost while it wrote: it is not known whether the API keys were changed", cause);
        this.id = null;
    }

    /** {@return the key that is in doubt; empty where several are} */
    public Optional<KeyId> id() {
        return Optional.ofNullable(id);
    }
}
