package dev.keywright.core;

import dev.keywright.core.format.KeyTextFormat;
import java.util.regex.Pattern;

/**
 * Format of the keys that a host issues: their prefix, and optionally an environment. The prefix is followed by 28 random
 * characters of {@code 0-9a-z} and 4 check characters. A verification does not check the environment: use a route with one, or read
 * {@link dev.keywright.Verified#environment}.
 *
 * <pre>{@code
 * builder.formats(
 *         KeyFormat.prefix("acme_live_").environment("live"),
 *         KeyFormat.prefix("acme_test_").environment("test"))
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyFormat {

    private static final Pattern PREFIX = Pattern.compile("[a-z0-9_]{1,23}_");
    private static final Pattern ENVIRONMENT = Pattern.compile("[a-z0-9_-]{1,24}");

    /** The format of a host that sets none: the prefix {@code ck_}, and no environment. */
    public static final KeyFormat DEFAULT = prefix("ck_");

    private final KeyTextFormat format;

    private KeyFormat(KeyTextFormat format) {
        this.format = format;
    }

    /**
     * Creates a format without an environment.
     *
     * @param prefix 2 to 24 characters of {@code a-z}, {@code 0-9} and {@code _}, the last of them {@code _}; best one that only
     *     this host uses, by which people and scanners recognize its keys
     * @return the format
     * @throws IllegalArgumentException if the prefix is too short or too long, has other characters, or does not end in {@code _}
     */
    public static KeyFormat prefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "the prefix of a key format must be 2 to 24 characters of a-z, 0-9 and _, the last of them _; was \""
                            + prefix + '"');
        }
        return new KeyFormat(new KeyTextFormat(prefix, null));
    }

    /**
     * Sets the environment, for example {@code live} or {@code test}. A request {@linkplain
     * dev.keywright.management.NewKey#environment names} it, and each key keeps the one that it was issued with.
     *
     * @param environment 1 to 24 characters of {@code a-z}, {@code 0-9}, {@code _} and {@code -}
     * @return a format with this environment
     * @throws IllegalArgumentException if the environment is empty or too long, or has other characters
     */
    public KeyFormat environment(String environment) {
        if (!ENVIRONMENT.matcher(environment).matches()) {
            throw new IllegalArgumentException(
                    "the environment of a key format must be 1 to 24 characters of a-z, 0-9, _ and -; was \""
                            + environment + '"');
        }
        return new KeyFormat(new KeyTextFormat(format.prefix(), environment));
    }

    /**
     * {@return the regular expression of the texts of keys, for scanners of repositories and logs, for example
     * <code>acme_live_[0-9a-z]{32}</code>}
     */
    public String regularExpression() {
        return format.regularExpression();
    }

    /** {@return the format of the texts} */
    KeyTextFormat textFormat() {
        return format;
    }

    /** {@return the prefix and the environment} */
    @Override
    public String toString() {
        return "KeyFormat[" + format.prefix()
                + format.environment().map(environment -> ", " + environment).orElse("") + "]";
    }
}
