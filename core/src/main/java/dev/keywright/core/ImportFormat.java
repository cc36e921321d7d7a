package dev.keywright.core;

import dev.keywright.core.format.ImportTextFormat;
import java.util.BitSet;

/**
 * Format of keys that another system issued: the shape of their texts, and the digest of that system.
 *
 * <pre>{@code
 * ImportFormat.prefix("sk_").alphabet("0123456789abcdef").lengths(32, 40).digestOfText(ImportDigest.sha256())
 * ImportFormat.idAndSecret('|').alphabet(LETTERS_AND_DIGITS).length(40).digestOfSecret(ImportDigest.sha256())
 * }</pre>
 *
 * <p>A text is a prefix, an id with a separator, or both, and then the secret. Several formats may have one prefix: a text
 * is looked up under each format whose shape it has. Immutable and thread-safe.
 */
public final class ImportFormat {

    private static final int MAX_PREFIX_LENGTH = 32;
    private static final int MIN_SECRET_LENGTH = 16;
    private static final int MAX_SECRET_LENGTH = 512;

    private final ImportTextFormat format;

    private ImportFormat(ImportTextFormat format) {
        this.format = format;
    }

    /**
     * Starts a format whose texts have a fixed prefix. Rows of an import name the format by it.
     *
     * @param prefix 1 to 32 visible ASCII characters that distinguish these keys from all other tokens
     * @return a shape in which the secret follows the prefix
     * @throws IllegalArgumentException if the prefix is empty, too long, or has other characters
     */
    public static Shape prefix(String prefix) {
        if (prefix.isEmpty() || prefix.length() > MAX_PREFIX_LENGTH || !isVisibleAscii(prefix)) {
            throw new IllegalArgumentException("the prefix of an import format must be 1 to " + MAX_PREFIX_LENGTH
                    + " visible ASCII characters; keys without one need a separator: idAndSecret(…)");
        }
        return new Shape(prefix, ImportTextFormat.NO_SEPARATOR, new BitSet(), 0, 0);
    }

    /**
     * Starts a format whose texts have no fixed prefix, but an id, a separator and a secret. Rows of an import name the format by the
     * separator. A token is taken for an API key if it starts with such an id, the separator, and a secret of the minimum length.
     *
     * @param separator see {@link Shape#idBefore}
     * @return a shape without a prefix
     * @throws IllegalArgumentException if the separator is a letter, a digit, or not visible ASCII
     */
    public static Shape idAndSecret(char separator) {
        return new Shape("", ImportTextFormat.NO_SEPARATOR, new BitSet(), 0, 0).idBefore(separator);
    }

    /** Shape of the texts of a format, before its digest is given. Immutable and thread-safe. */
    public static final class Shape {

        private final String prefix;
        private final char separator;
        private final BitSet alphabet;
        private final int minLength;
        private final int maxLength;

        private Shape(String prefix, char separator, BitSet alphabet, int minLength, int maxLength) {
            this.prefix = prefix;
            this.separator = separator;
            this.alphabet = alphabet;
            this.minLength = minLength;
            this.maxLength = maxLength;
        }

        /**
         * Puts an id and a separator before the secret. The id has 1 to 64 letters, digits, {@code -} and {@code _}, and ends
         * before the first separator.
         *
         * @param character the separator: a visible ASCII character that is neither a letter nor a digit
         * @return a shape with an id
         * @throws IllegalArgumentException if the separator is a letter, a digit, or not visible ASCII
         */
        public Shape idBefore(char character) {
            if (character <= ' ' || character >= 0x7F || ImportTextFormat.isLetterOrDigit(character)) {
                throw new IllegalArgumentException(
                        "the separator of an import format must be visible ASCII, and neither a letter nor a digit");
            }
            return new Shape(prefix, character, alphabet, minLength, maxLength);
        }

        /**
         * Sets the alphabet of secrets.
         *
         * @param characters all characters of the alphabet, two or more, visible ASCII; such as {@code 0123456789abcdef}
         * @return a shape with this alphabet
         * @throws IllegalArgumentException if there are fewer than two characters, or others
         */
        public Shape alphabet(String characters) {
            BitSet set = new BitSet(128);
            characters.chars().forEach(set::set);
            if (set.cardinality() < 2 || !isVisibleAscii(characters)) {
                throw new IllegalArgumentException(
                        "the alphabet of an import format must be two or more visible ASCII characters");
            }
            return new Shape(prefix, separator, set, minLength, maxLength);
        }

        /**
         * Sets the length of secrets, which follow the prefix and the separator.
         *
         * @param exactly the length, 16 to 512
         * @return a shape with this length
         * @throws IllegalArgumentException if the length is out of range
         */
        public Shape length(int exactly) {
            return lengths(exactly, exactly);
        }

        /**
         * Sets the range of lengths of secrets, which follow the prefix and the separator.
         *
         * @param min the minimum length, at least 16
         * @param max the maximum length, {@code min} to 512
         * @return a shape with these lengths
         * @throws IllegalArgumentException if a length is out of range
         */
        public Shape lengths(int min, int max) {
            if (min < MIN_SECRET_LENGTH || max < min || max > MAX_SECRET_LENGTH) {
                throw new IllegalArgumentException("the lengths of an import format must be " + MIN_SECRET_LENGTH
                        + " to " + MAX_SECRET_LENGTH + ", were " + min + " to " + max);
            }
            return new Shape(prefix, separator, alphabet, min, max);
        }

        /**
         * Completes the format of a system that digested whole texts, including prefix and id.
         *
         * @param digest the algorithm
         * @return the format
         * @throws IllegalArgumentException if the alphabet or the lengths are missing
         */
        public ImportFormat digestOfText(ImportDigest digest) {
            return complete(digest, false);
        }

        /**
         * Completes the format of a system that digested secrets only, without prefix and id. The id is then not verified: texts
         * that differ only in their ids are texts of the same key, and are revoked with it.
         *
         * @param digest the algorithm
         * @return the format
         * @throws IllegalArgumentException if the alphabet or the lengths are missing
         */
        public ImportFormat digestOfSecret(ImportDigest digest) {
            return complete(digest, true);
        }

        private ImportFormat complete(ImportDigest digest, boolean ofSecret) {
            if (alphabet.isEmpty() || minLength == 0) {
                throw new IllegalArgumentException(
                        "an import format needs alphabet(…) and lengths(…) before its digest");
            }
            return new ImportFormat(new ImportTextFormat(
                    prefix, separator, alphabet, minLength, maxLength, digest.algorithm(), ofSecret));
        }
    }

    /**
     * Checks the format against a key of the other system. Recommended for each format: keys of a wrong format are imported and
     * never verify. The sample is not kept, and need not be an active key.
     *
     * @param text the whole text of a key
     * @param stored its digest, as the other system has stored it
     * @return this format
     * @throws IllegalArgumentException if the text does not have the shape of the format, or the digest is not that of the text
     */
    public ImportFormat sample(String text, String stored) {
        format.checkSample(text, stored);
        return this;
    }

    /** {@return the format of the texts} */
    ImportTextFormat textFormat() {
        return format;
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** {@return the shape and the algorithm, and nothing of a key} */
    @Override
    public String toString() {
        return "ImportFormat[" + format + "]";
    }
}
