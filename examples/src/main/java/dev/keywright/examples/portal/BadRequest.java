package dev.keywright.examples.portal;

/** A request that breaks a rule. */
final class BadRequest extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sentence;

    BadRequest(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /** {@return which rule, without a word of what was sent} */
    String sentence() {
        return sentence;
    }
}
