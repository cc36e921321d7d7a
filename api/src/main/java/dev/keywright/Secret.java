package dev.keywright;

import java.util.Objects;

/**
 * The full text of a key, which nobody can ask for again.
 *
 * <p>Reading it is one visible call, {@link #reveal()}. It prints as a placeholder, is equal to nothing but itself, and
 * cannot be serialized, so that it does not end up where nobody meant it to.
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

    /** {@return the full text of the key, to be handed to its owner once and kept nowhere} */
    public String reveal() {
        return text;
    }

    /** {@return a placeholder} */
    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
