package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serial;
import java.io.Serializable;

/**
 * The tenant that a key belongs to, for example a school district. Each key belongs to exactly one. Immutable.
 *
 * <p>Compared character by character: case, accents and blanks all count. {@link #of} applies the rules of a new id; {@link
 * #stored} does not, so that a key stays readable after the rules, or the Unicode version of the JDK, have changed.
 */
public final class TenantId implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 128;

    private final String value;

    private TenantId(String value) {
        this.value = value;
    }

    /**
     * Creates an id.
     *
     * @param value 1 to 128 characters, not blank, without control characters
     * @return the id
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters or lone surrogates
     */
    public static TenantId of(String value) {
        Text.require("a tenant id", value, MAX_LENGTH);
        return new TenantId(value);
    }

    /**
     * Creates an id as a store has read it, without the rules of {@link #of}. For stores only.
     *
     * @param value the text
     * @return the id
     * @throws IllegalArgumentException if the text is empty
     */
    public static TenantId stored(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a stored tenant id must not be empty");
        }
        return new TenantId(value);
    }

    /** Applies the rules of {@link #stored} to a deserialized value. */
    @Serial
    private Object readResolve() {
        return stored(value);
    }

    /** {@return the text itself} */
    public String value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TenantId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** {@return the text itself} */
    @Override
    public String toString() {
        return value;
    }
}
