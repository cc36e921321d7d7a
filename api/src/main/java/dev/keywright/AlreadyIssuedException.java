package dev.keywright;

import java.util.Objects;

/**
 * A key was issued for the same {@linkplain dev.keywright.management.NewKey#idempotencyKey idempotency key} within the last day;
 * nothing was issued. The secret of that key cannot be read again: if it was not received, revoke the key and issue another one.
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
