package dev.keywright;

import java.util.Objects;

/**
 * Thrown if a request repeats the {@linkplain dev.keywright.management.NewKey#idempotencyKey idempotency key} of a key that was
 * issued within the last day. No second key is issued. The secret of the first cannot be read again: if it was not received,
 * revoke that key and issue another one.
 */
public final class AlreadyIssuedException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final KeyId id;

    /**
     * Creates the exception.
     *
     * @param id the id of the key that was issued
     */
    public AlreadyIssuedException(KeyId id) {
        super(
                "an API key was already issued for this idempotency key, with the id " + id
                        + "; its text is not shown again: if it was lost, revoke that key and send another idempotency key",
                null);
        this.id = Objects.requireNonNull(id);
    }

    /** {@return the id of the key that was issued, whatever its state is now} */
    public KeyId id() {
        return id;
    }
}
