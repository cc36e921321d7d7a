package dev.keywright;

/** Something that was asked for breaks a rule. The message says which field and which rule; nothing was changed. */
public final class InvalidRequestException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    /**
     * Says which field breaks which rule.
     *
     * @param field the field, as whoever asked knows it, for example {@code name}
     * @param rule the rule, as the rest of a sentence that begins with the field, for example {@code must not be blank}
     */
    public InvalidRequestException(String field, String rule) {
        super(field + " " + rule, null);
        this.field = field;
        this.rule = rule;
    }

    /** {@return the field that breaks the rule} */
    public String field() {
        return field;
    }

    /** {@return the rule, as the rest of a sentence that begins with the field} */
    public String rule() {
        return rule;
    }
}
