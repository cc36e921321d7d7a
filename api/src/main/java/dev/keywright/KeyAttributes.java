package dev.keywright;

import dev.keywright.internal.Text;
import java.io.Serial;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Small texts that the host keeps with a key, for example a customer id and a plan. {@link ApiKeys#verify} returns them without
 * another lookup. Immutable; sorted by name.
 *
 * <p>{@link #of} applies the rules of new attributes, {@link #stored} does not: attributes stay readable after the rules have
 * changed.
 */
public final class KeyAttributes implements Serializable {

    /** No attributes. */
    public static final KeyAttributes NONE = new KeyAttributes(Map.of());

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_NAME_LENGTH = 40;
    private static final int MAX_VALUE_LENGTH = 200;

    /** Shorter than any key, imported ones too. */
    private static final int MAX_SHOWN_LENGTH = 16;

    @SuppressWarnings("serial") // A TreeMap in a wrapper of the JDK, both serializable.
    private final Map<String, String> map;

    private KeyAttributes(Map<String, String> map) {
        this.map = Collections.unmodifiableMap(new TreeMap<>(map));
    }

    /**
     * Creates attributes.
     *
     * @param map at most 16 attributes; names of 1 to 40 characters from {@code a-z0-9_.-}, values of 1 to 200 characters, not
     *     blank, without control characters
     * @return the attributes
     * @throws IllegalArgumentException if a rule is broken; the message names the attribute, unless its name is malformed or longer than 16
     *     characters
     */
    public static KeyAttributes of(Map<String, String> map) {
        if (map.size() > MAX_ATTRIBUTES) {
            throw new IllegalArgumentException("attributes must have at most " + MAX_ATTRIBUTES + " names");
        }
        map.forEach((name, value) -> {
            requireName(name);
            Text.require("attributes: the value of " + shown(name), value, MAX_VALUE_LENGTH);
        });
        return map.isEmpty() ? NONE : new KeyAttributes(map);
    }

    /** A longer name may be the text of a key that was pasted into the wrong field. */
    private static String shown(String name) {
        return name.length() <= MAX_SHOWN_LENGTH ? name : "an attribute";
    }

    private static void requireName(String name) {
        boolean valid = !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "_.-".indexOf(c) >= 0);
        if (!valid) {
            throw new IllegalArgumentException(
                    "attributes must have names of 1 to " + MAX_NAME_LENGTH + " characters from a-z0-9_.-");
        }
    }

    /**
     * Creates attributes as a store has read them, without the rules of {@link #of}. For stores only.
     *
     * @param map the attributes
     * @return the attributes
     */
    public static KeyAttributes stored(Map<String, String> map) {
        return map.isEmpty() ? NONE : new KeyAttributes(map);
    }

    /** Applies the rules of {@link #stored} to deserialized attributes. */
    @Serial
    private Object readResolve() {
        return stored(map);
    }

    /**
     * Returns the value of an attribute.
     *
     * @param name the name
     * @return the value; empty if there is no such attribute
     */
    public Optional<String> get(String name) {
        return Optional.ofNullable(map.get(name));
    }

    /** {@return all attributes, sorted by name; unmodifiable} */
    public Map<String, String> asMap() {
        return map;
    }

    /** {@return whether there is no attribute} */
    public boolean isEmpty() {
        return map.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyAttributes that && map.equals(that.map);
    }

    @Override
    public int hashCode() {
        return map.hashCode();
    }

    /** {@return the names only, since values are untrusted text} */
    @Override
    public String toString() {
        return "KeyAttributes" + map.keySet();
    }
}
