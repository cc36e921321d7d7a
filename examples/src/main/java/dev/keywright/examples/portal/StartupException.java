package dev.keywright.examples.portal;

/** The portal cannot start, for a reason that the operator can fix. Only the message is printed. */
final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }

    StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
