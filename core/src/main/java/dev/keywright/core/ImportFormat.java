package dev.keywright.core;

import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.RandomText;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The format of keys that another system issued: the shape of their texts, and how that system digested them.
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
    private static final int MAX_ID_LENGTH = 64;
    private static final char NONE = 0;

    private final Shape shape;
    private final ImportDigest digest;
    private final boolean digestOfSecret;

    private ImportFormat(Shape shape, ImportDigest digest, boolean digestOfSecret) {
        this.shape = shape;
        this.digest = Objects.requireNonNull(digest);
        this.digestOfSecret = digestOfSecret;
    }

    /**
     * Begins a format whose texts have a fixed prefix. Rows of an import name the format by it.
     *
     * @param prefix 1 to 32 visible ASCII characters, by which these keys are told from all other tokens
     * @return the shape so far: the secret comes immediately after the prefix
     * @throws IllegalArgumentException if the prefix is anything else
     */
    public static Shape prefix(String prefix) {
        if (prefix.isEmpty() || prefix.length() > MAX_PREFIX_LENGTH || !isVisibleAscii(prefix)) {
            throw new IllegalArgumentException("the prefix of an import format must be 1 to " + MAX_PREFIX_LENGTH
                    + " visible ASCII characters; keys without one need a separator: idAndSecret(…)");
        }
        return new Shape(prefix, NONE, new BitSet(), 0, 0);
    }

    /**
     * Begins a format whose texts have no fixed prefix, but an id, a separator and a secret. Rows of an import name the
     * format by the separator. A text is taken for an API key if it begins with such an id, the separator, and a secret of
     * the least length.
     *
     * @param separator as {@link Shape#idBefore} takes it
     * @return the shape so far
     * @throws IllegalArgumentException if the separator is anything else
     */
    public static Shape idAndSecret(char separator) {
        return new Shape("", NONE, new BitSet(), 0, 0).idBefore(separator);
    }

    /** The shape of the texts of a format, to which the digest is yet to be added. Immutable. */
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
         * Puts an id and a separator before the secret: 1 to 64 letters, digits, {@code -} and {@code _}, up to the first
         * separator.
         *
         * @param character a visible ASCII character that is neither a letter nor a digit
         * @return the shape with an id
         * @throws IllegalArgumentException if the character is anything else
         */
        public Shape idBefore(char character) {
            if (character <= ' ' || character >= 0x7F || isLetterOrDigit(character)) {
                throw new IllegalArgumentException(
                        "the separator of an import format must be visible ASCII, and neither a letter nor a digit");
            }
            return new Shape(prefix, character, alphabet, minLength, maxLength);
        }

        /**
         * Sets the characters of which secrets are made.
         *
         * @param characters two or more visible ASCII characters, each of them: {@code 0123456789abcdef}
         * @return the shape with this alphabet
         * @throws IllegalArgumentException if there are fewer than two, or others
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
         * Sets the length of secrets: of what comes after the prefix and the separator.
         *
         * @param exactly 16 to 512
         * @return the shape with this length
         * @throws IllegalArgumentException if it is anything else
         */
        public Shape length(int exactly) {
            return lengths(exactly, exactly);
        }

        /**
         * Sets the range of lengths of secrets: of what comes after the prefix and the separator.
         *
         * @param min at least 16
         * @param max at least {@code min}, at most 512
         * @return the shape with these lengths
         * @throws IllegalArgumentException if they are anything else
         */
        public Shape lengths(int min, int max) {
            if (min < MIN_SECRET_LENGTH || max < min || max > MAX_SECRET_LENGTH) {
                throw new IllegalArgumentException("the lengths of an import format must be " + MIN_SECRET_LENGTH
                        + " to " + MAX_SECRET_LENGTH + ", were " + min + " to " + max);
            }
            return new Shape(prefix, separator, alphabet, min, max);
        }

        /**
         * Completes the format for a system that digested whole texts, prefix and id included.
         *
         * @param digest the algorithm
         * @return the format
         * @throws IllegalArgumentException if the alphabet or the lengths are missing
         */
        public ImportFormat digestOfText(ImportDigest digest) {
            return complete(digest, false);
        }

        /**
         * Completes the format for a system that digested secrets alone: what comes after the prefix and the separator. An id
         * is then not verified: texts that differ in nothing else are texts of one key, and are revoked with it.
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
            return new ImportFormat(this, digest, ofSecret);
        }
    }

    /**
     * Checks the format against a key of the other system, which is worth doing for each format: a key whose format is wrong
     * is imported and never verifies. The sample is not kept, and need not be a key that is still valid.
     *
     * @param text the whole text of a key
     * @param stored its digest, as the other system has stored it
     * @return this format
     * @throws IllegalArgumentException if the text does not have the shape of the format, or its digest is not this one
     */
    public ImportFormat sample(String text, String stored) {
        if (!isWellShaped(text)) {
            throw new IllegalArgumentException(
                    "the sample does not have the shape of this import format: " + describe());
        }
        byte[] expected = digest.read(stored)
                .orElseThrow(() -> new IllegalArgumentException("the digest of the sample must be a "
                        + digest.algorithm() + " in hexadecimal or base64, as those of the rows"));
        if (!Arrays.equals(digestOf(text), expected)) {
            ImportFormat other = new ImportFormat(shape, digest, !digestOfSecret);
            throw new IllegalArgumentException("the digest of the sample is not the " + digest.algorithm() + " of its "
                    + (digestOfSecret ? "secret" : "whole text")
                    + (Arrays.equals(other.digestOf(text), expected)
                            ? ", but of its "
                                    + (digestOfSecret
                                            ? "whole text: say digestOfText(…)"
                                            : "secret: say digestOfSecret(…)")
                            : ": another algorithm, key or part of the text was digested"));
        }
        return this;
    }

    private String describe() {
        return (shape.prefix.isEmpty() ? "" : "the prefix " + shape.prefix + ", ")
                + (shape.separator == NONE ? "" : "an id, the separator " + shape.separator + ", ")
                + shape.minLength + " to " + shape.maxLength + " characters of its alphabet";
    }

    /** {@return what rows of an import name the format by: its prefix, or its separator where it has none} */
    public String mark() {
        return shape.prefix.isEmpty() ? String.valueOf(shape.separator) : shape.prefix;
    }

    /** {@return the length of the shortest secret} */
    public int minLength() {
        return shape.minLength;
    }

    public ImportDigest digest() {
        return digest;
    }

    /** {@return the digest that the other system stored for a well-shaped text} */
    public byte[] digestOf(String text) {
        return digest.of(digestOfSecret ? text.substring(secretStart(text, 0)) : text);
    }

    public boolean isWellShaped(String text) {
        int start = secretStart(text, 0);
        int length = text.length() - start;
        return start >= 0
                && length >= shape.minLength
                && length <= shape.maxLength
                && secretEnd(text, start, text.length()) == text.length();
    }

    /** Whether a text means to be a key of this format. */
    public boolean recognizes(String text) {
        return shape.prefix.isEmpty() ? standsAt(text, 0) : text.startsWith(shape.prefix);
    }

    /**
     * {@return all parts of a text that look like such a key, whatever stands around them} Where the length varies, a part is as
     * long as it can be; and since its last characters may be punctuation of the text around it, it comes without these too.
     */
    public Stream<KeyText.Span> spansIn(String text) {
        Stream.Builder<KeyText.Span> spans = Stream.builder();
        String mark = mark();
        for (int i = text.indexOf(mark); i >= 0; i = text.indexOf(mark, i + 1)) {
            int start = shape.prefix.isEmpty() ? idStart(text, i) : i;
            int secret = secretStart(text, start);
            if (secret >= 0) {
                addSpans(text, start, secret, spans);
            }
        }
        return spans.build();
    }

    private void addSpans(String text, int start, int secret, Stream.Builder<KeyText.Span> spans) {
        int end = secretEnd(text, secret, Math.min(text.length(), secret + shape.maxLength));
        int shortest = secret + shape.minLength;
        if (end >= shortest) {
            spans.add(new KeyText.Span(start, end));
            int word = end;
            while (word > shortest && !isLetterOrDigit(text.charAt(word - 1))) {
                word--;
            }
            if (word < end) {
                spans.add(new KeyText.Span(start, word));
            }
        }
    }

    /** {@return where the id before a separator begins} */
    private static int idStart(String text, int separator) {
        int start = separator;
        while (start > 0 && separator - start < MAX_ID_LENGTH && isOfId(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Whether a text has no characters but those of the alphabet. */
    public boolean isMadeOf(String text) {
        return secretEnd(text, 0, text.length()) == text.length();
    }

    /** Whether a text can have this shape and that of the keys which are issued here. */
    boolean overlapsIssuedKeys() {
        // Only the prefix of the one and of the other is fixed. If any text has both shapes, so has one like this.
        return RandomText.ALPHABET.chars().filter(shape.alphabet::get).limit(1).anyMatch(c -> {
            String issued = KeyText.PREFIX + Character.toString(c).repeat(KeyText.LENGTH - KeyText.PREFIX.length());
            String both = shape.prefix + issued.substring(shape.prefix.length());
            return KeyText.isWellShaped(both) && isWellShaped(both);
        });
    }

    private boolean standsAt(String text, int start) {
        int secret = secretStart(text, start);
        return secret >= 0 && hasSecretAt(text, secret);
    }

    private boolean hasSecretAt(String text, int start) {
        int end = start + shape.minLength;
        return end <= text.length() && secretEnd(text, start, end) == end;
    }

    /** {@return where the secret of a text that begins here would begin; -1 where there is no prefix, or no id} */
    private int secretStart(String text, int start) {
        if (!text.startsWith(shape.prefix, start)) {
            return -1;
        }
        int i = start + shape.prefix.length();
        if (shape.separator == NONE) {
            return i;
        }
        int end = Math.min(text.length(), i + MAX_ID_LENGTH + 1);
        for (int at = i; at < end; at++) {
            if (text.charAt(at) == shape.separator) {
                return at > i ? at + 1 : -1;
            }
            if (!isOfId(text.charAt(at))) {
                return -1;
            }
        }
        return -1;
    }

    /** {@return where the first character stands that is not of the alphabet; the limit where there is none before it} */
    private int secretEnd(String text, int start, int limit) {
        for (int i = start; i < limit; i++) {
            if (!shape.alphabet.get(text.charAt(i))) {
                return i;
            }
        }
        return limit;
    }

    private static boolean isOfId(char c) {
        return isLetterOrDigit(c) || c == '-' || c == '_';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** {@return the shape and the algorithm, and nothing of a key} */
    @Override
    public String toString() {
        return "ImportFormat[" + describe() + ", " + digest.algorithm() + " of the "
                + (digestOfSecret ? "secret" : "whole text") + "]";
    }
}
