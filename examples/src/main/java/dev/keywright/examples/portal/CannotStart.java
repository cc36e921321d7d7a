package dev.keywright.examples.portal;

/** The portal cannot start, for a reason that whoever started it can mend. The message is all that they are shown. */
final class CannotStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotStart(String sentence) {
        super(sentence);
    }

    CannotStart(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
