package dev.keywright;

import java.util.Objects;

/**
 * Full text of a key, available only when the key is issued.
 *
 * <p>{@link #reveal()} is the only way to read it. {@code toString} returns a placeholder, equality is identity, and the
 * class is not serializable, so that the text does not leak into logs, collections or sessions.
 */
public final class Secret {

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /**
     * Wraps the text of a key.
     *
     * @param text the full text
     * @return the secret
     */
    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text));
    }

    /** {@return the full text of the key, to be delivered to its owner once and stored nowhere} */
    public String reveal() {
        return text;
    }

    /** {@return a placeholder} */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
