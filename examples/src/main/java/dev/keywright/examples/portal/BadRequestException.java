package dev.keywright.examples.portal;

/** The request is invalid. */
final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sentence;

    BadRequestException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /** {@return the rule that is violated; never quotes the request} */
    String sentence() {
        return sentence;
    }
}
