package dev.keywright;

/**
 * A field of a request breaks a rule; nothing was changed. The message names the field and the rule.
 *
 * <p>A value that is malformed by itself is an {@link IllegalArgumentException} from its factory method, before there is a
 * request.
 */
public final class InvalidRequestException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    private final Field field;
    private final String rule;

    /** The parts of a request. */
    public enum Field {
        /** Name of a key. */
        NAME("name"),
        /** Scopes of a key. */
        SCOPES("scopes"),
        /** Description of a key. */
        DESCRIPTION("description"),
        /** Environment of a key. */
        ENVIRONMENT("environment"),
        /** Owner of a key. */
        OWNER("owner"),
        /** Attributes of a key. */
        ATTRIBUTES("attributes"),
        /** Prefix of a format. */
        PREFIX("prefix"),
        /** Expiry of a key. */
        EXPIRES_AT("expiresAt"),
        /** Time for which a rotated key stays valid. */
        OVERLAP("overlap"),
        /** A change of a key as a whole. */
        CHANGE("the change"),
        /** Position at which a list continues. */
        CURSOR("cursor"),
        /** Period of a report. */
        DURATION("duration"),
        /** Time without use before a rotation can be completed. */
        QUIET("quiet"),
        /** Age of the keys to purge. */
        AGE("age"),
        /** Text that contains API keys. */
        KEY("key");

        private final String subject;

        Field(String subject) {
            this.subject = subject;
        }

        /** {@return the field as the subject of a message, for example {@code expiresAt}} */
        @Override
        public String toString() {
            return subject;
        }
    }

    /**
     * Creates the exception.
     *
     * @param field the field that breaks the rule
     * @param rule the predicate of a sentence whose subject is the field, for example {@code must not be blank}
     */
    public InvalidRequestException(Field field, String rule) {
        super(field + " " + rule, null);
        this.field = field;
        this.rule = rule;
    }

    /** {@return the field that breaks the rule} */
    public Field field() {
        return field;
    }

    /** {@return the rule, as the predicate of a sentence whose subject is the field} */
    public String rule() {
        return rule;
    }
}
