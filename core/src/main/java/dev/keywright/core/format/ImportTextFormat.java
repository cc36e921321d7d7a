package dev.keywright.core.format;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;

/**
 * Format of the texts of imported keys: a prefix, an id with a separator, or both, and then the secret; and the digest of the other
 * system. Immutable and thread-safe.
 */
public final class ImportTextFormat {

    /** Separator of texts that have no id. */
    public static final char NO_SEPARATOR = 0;

    private static final int MAX_ID_LENGTH = 64;

    private final String prefix;
    private final char separator;
    private final BitSet alphabet;
    private final int minLength;
    private final int maxLength;
    private final DigestAlgorithm algorithm;
    private final boolean digestOfSecret;

    /**
     * Creates a format.
     *
     * @param prefix the fixed prefix of the texts; may be empty
     * @param separator the character between an id and the secret, or {@link #NO_SEPARATOR}
     * @param alphabet the characters of secrets; not changed afterwards
     * @param minLength the length of the shortest secret
     * @param maxLength the length of the longest secret
     * @param algorithm the digest of the other system
     * @param digestOfSecret whether that system digested the secret alone, and not the whole text
     */
    public ImportTextFormat(
            String prefix,
            char separator,
            BitSet alphabet,
            int minLength,
            int maxLength,
            DigestAlgorithm algorithm,
            boolean digestOfSecret) {
        this.prefix = prefix;
        this.separator = separator;
        this.alphabet = alphabet;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.algorithm = algorithm;
        this.digestOfSecret = digestOfSecret;
    }

    /**
     * Checks the format against a key of the other system.
     *
     * @param text the whole text of the key
     * @param stored its digest, as the other system has stored it
     * @throws IllegalArgumentException if the text does not have this shape, or the digest is not that of the text
     */
    public void checkSample(String text, String stored) {
        if (!isWellShaped(text)) {
            throw new IllegalArgumentException(
                    "the sample does not have the shape of this import format: " + describeShape());
        }
        byte[] expected = algorithm
                .parse(stored)
                .orElseThrow(() -> new IllegalArgumentException("the digest of the sample must be a " + algorithm.name()
                        + " in hexadecimal or base64, like the digests to import"));
        if (!Arrays.equals(digestOf(text, digestOfSecret), expected)) {
            String otherPart = digestOfSecret ? "whole text: use digestOfText(…)" : "secret: use digestOfSecret(…)";
            throw new IllegalArgumentException("the digest of the sample is not the " + describeDigest()
                    + (Arrays.equals(digestOf(text, !digestOfSecret), expected)
                            ? ", but of the " + otherPart
                            : ": another algorithm, key or part of the text was digested"));
        }
    }

    private String describeShape() {
        return (prefix.isEmpty() ? "" : "the prefix " + prefix + ", ")
                + (separator == NO_SEPARATOR ? "" : "an id, the separator " + separator + ", ")
                + minLength + " to " + maxLength + " characters of its alphabet";
    }

    private String describeDigest() {
        return algorithm.name() + " of the " + (digestOfSecret ? "secret" : "whole text");
    }

    /** {@return the name of the format in rows of an import: its prefix, or its separator where it has no prefix} */
    public String marker() {
        return prefix.isEmpty() ? String.valueOf(separator) : prefix;
    }

    /** {@return the length of the shortest secret} */
    public int minLength() {
        return minLength;
    }

    /** {@return the digest algorithm of the other system} */
    public DigestAlgorithm algorithm() {
        return algorithm;
    }

    /** {@return the digest that the other system stored for a well-shaped text} */
    public byte[] digestOf(String text) {
        return digestOf(text, digestOfSecret);
    }

    private byte[] digestOf(String text, boolean ofSecret) {
        return algorithm.digest(ofSecret ? text.substring(secretStart(text, 0)) : text);
    }

    /** Whether a text has exactly this shape. */
    public boolean isWellShaped(String text) {
        int start = secretStart(text, 0);
        int length = text.length() - start;
        return start >= 0
                && length >= minLength
                && length <= maxLength
                && secretEnd(text, start, text.length()) == text.length();
    }

    /** Whether a token is taken for a key of this format: by its prefix, or else by an id, the separator and a secret. */
    boolean recognizes(String token) {
        if (!prefix.isEmpty()) {
            return token.startsWith(prefix);
        }
        int secret = secretStart(token, 0);
        int end = secret + minLength;
        return secret >= 0 && end <= token.length() && secretEnd(token, secret, end) == end;
    }

    /**
     * {@return all parts of a text that look like such a key} A part of variable length is as long as it can be. Its last characters
     * may be punctuation of the surrounding text; so there is a second span without them.
     */
    Stream<KeyText.Span> spansIn(String text) {
        Stream.Builder<KeyText.Span> spans = Stream.builder();
        String marker = marker();
        for (int i = text.indexOf(marker); i >= 0; i = text.indexOf(marker, i + 1)) {
            int start = prefix.isEmpty() ? idStart(text, i) : i;
            int secret = secretStart(text, start);
            if (secret >= 0) {
                addSpans(text, start, secret, spans);
            }
        }
        return spans.build();
    }

    private void addSpans(String text, int start, int secret, Stream.Builder<KeyText.Span> spans) {
        int end = secretEnd(text, secret, Math.min(text.length(), secret + maxLength));
        int minEnd = secret + minLength;
        if (end >= minEnd) {
            spans.add(new KeyText.Span(start, end));
            int wordEnd = end;
            while (wordEnd > minEnd && !isLetterOrDigit(text.charAt(wordEnd - 1))) {
                wordEnd--;
            }
            if (wordEnd < end) {
                spans.add(new KeyText.Span(start, wordEnd));
            }
        }
    }

    /** {@return the index of the first character of the id before a separator} */
    private static int idStart(String text, int separator) {
        int start = separator;
        while (start > 0 && separator - start < MAX_ID_LENGTH && isIdCharacter(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Whether all characters of a text are in the alphabet. */
    public boolean isInAlphabet(String text) {
        return secretEnd(text, 0, text.length()) == text.length();
    }

    /** Whether the rows of an import name this format like the keys that are issued in a format, or a text can have both shapes. */
    public boolean overlaps(KeyTextFormat issuing) {
        if (prefix.equals(issuing.prefix())) {
            return true;
        }
        // Both shapes fix nothing but a prefix. So if any text has both, a text of one repeated character has both.
        return RandomText.ALPHABET.chars().filter(alphabet::get).limit(1).anyMatch(c -> {
            String issued = issuing.prefix() + Character.toString(c).repeat(KeyText.SECRET);
            String both = prefix + issued.substring(prefix.length());
            return issuing.isWellShaped(both) && isWellShaped(both);
        });
    }

    /** {@return the index of the secret of a text that begins at an index; -1 where the prefix or the id is missing} */
    private int secretStart(String text, int start) {
        if (!text.startsWith(prefix, start)) {
            return -1;
        }
        int idStart = start + prefix.length();
        if (separator == NO_SEPARATOR) {
            return idStart;
        }
        int end = Math.min(text.length(), idStart + MAX_ID_LENGTH + 1);
        for (int i = idStart; i < end; i++) {
            if (text.charAt(i) == separator) {
                return i > idStart ? i + 1 : -1;
            }
            if (!isIdCharacter(text.charAt(i))) {
                return -1;
            }
        }
        return -1;
    }

    /** {@return the index of the first character that is not in the alphabet, at most the limit} */
    private int secretEnd(String text, int start, int limit) {
        for (int i = start; i < limit; i++) {
            if (!alphabet.get(text.charAt(i))) {
                return i;
            }
        }
        return limit;
    }

    private static boolean isIdCharacter(char c) {
        return isLetterOrDigit(c) || c == '-' || c == '_';
    }

    /** Whether a character is an ASCII letter or digit. */
    public static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** {@return the shape and the algorithm, without its key} */
    @Override
    public String toString() {
        return describeShape() + ", " + describeDigest();
    }
}
