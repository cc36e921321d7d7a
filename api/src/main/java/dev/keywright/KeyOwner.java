package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serial;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * The owner of a key: the person who is responsible for it, or the service that uses it. A key always belongs to its tenant; an
 * owner is optional. Immutable.
 *
 * <p>Compared character by character: case, accents and blanks all count.
 */
public final class KeyOwner implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 128;

    /** Kinds of owners. */
    public enum Kind {
        /** A person of the host application. */
        PERSON,
        /** A service, such as an integration or a back end. */
        SERVICE
    }

    private final Kind kind;
    private final String name;

    private KeyOwner(Kind kind, String name) {
        this.kind = Objects.requireNonNull(kind);
        this.name = name;
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of an owner must not be empty");
        }
    }

    /**
     * Creates the owner for a person.
     *
     * @param user the person
     * @return the owner
     */
    public static KeyOwner person(UserId user) {
        return new KeyOwner(Kind.PERSON, user.value());
    }

    /**
     * Creates the owner for a service.
     *
     * @param name 1 to 128 characters, not blank, without control characters
     * @return the owner
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public static KeyOwner service(String name) {
        Text.require("owner", name, MAX_LENGTH);
        return new KeyOwner(Kind.SERVICE, name);
    }

    /**
     * Parses the form of {@link #toString}.
     *
     * @param text {@code person:} and the id of a person, or {@code service:} and the name of a service
     * @return the owner
     * @throws IllegalArgumentException if the text has neither form, or the rest is blank, too long, or has control characters
     */
    public static KeyOwner parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(prefix(kind))) {
                String name = text.substring(prefix(kind).length());
                Text.require("owner", name, MAX_LENGTH);
                return new KeyOwner(kind, name);
            }
        }
        throw new IllegalArgumentException("owner must be person:<id> or service:<name>");
    }

    /**
     * Creates an owner as a store has read it, without the rules of new ones. For stores only.
     *
     * @param kind the kind
     * @param name the name
     * @return the owner
     * @throws IllegalArgumentException if the name is empty
     */
    public static KeyOwner stored(Kind kind, String name) {
        return new KeyOwner(kind, name);
    }

    private static String prefix(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + ":";
    }

    /** Applies the rules of {@link #stored} to a deserialized value. */
    @Serial
    private Object readResolve() {
        return stored(kind, name);
    }

    /** {@return the kind} */
    public Kind kind() {
        return kind;
    }

    /** {@return the id of a person, or the name of a service} */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyOwner that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return 31 * kind.name().hashCode() + name.hashCode();
    }

    /** {@return the kind in lower case, a colon and the name: {@code person:u12}, {@code service:payroll}} */
    @Override
    public String toString() {
        return prefix(kind) + name;
    }
}
