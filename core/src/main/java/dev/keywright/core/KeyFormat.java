package dev.keywright.core;

import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the keys of another system look like: a prefix, then characters of an alphabet. Formats are told apart by their
 * prefixes.
 */
final class KeyFormat {

    private static final int LONGEST_PREFIX = 32;
    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;

    private final String prefix;
    private final BitSet alphabet = new BitSet(128);
    private final int length;
    private final ForeignDigest digest;

    /**
     * Takes the parts.
     *
     * @throws IllegalArgumentException if the prefix is empty, longer than 32 characters or not visible ASCII, the alphabet
     *     has fewer than two characters or others than visible ASCII, or the length is not 16 to 512
     */
    KeyFormat(String prefix, String alphabet, int length, ForeignDigest digest) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("a format without a prefix cannot be told from other tokens");
        }
        if (prefix.length() > LONGEST_PREFIX || !isVisibleAscii(prefix) || !isVisibleAscii(alphabet)) {
            throw new IllegalArgumentException(
                    "the prefix and the alphabet of a format are visible ASCII characters, the prefix at most "
                            + LONGEST_PREFIX);
        }
        alphabet.chars().forEach(this.alphabet::set);
        if (this.alphabet.cardinality() < 2 || length < SHORTEST || length > LONGEST) {
            throw new IllegalArgumentException("after its prefix, a key of a format has " + SHORTEST + " to " + LONGEST
                    + " characters out of two or more");
        }
        this.prefix = prefix;
        this.length = length;
        this.digest = digest;
    }

    String prefix() {
        return prefix;
    }

    /** {@return how many characters stand after the prefix} */
    int length() {
        return length;
    }

    ForeignDigest digest() {
        return digest;
    }

    boolean isWellShaped(String text) {
        return text.length() == prefix.length() + length && standsAt(text, 0);
    }

    /**
     * {@return all characters of a text that look like such a key, whatever stands around them} One for each position at which
     * the prefix stands: these can overlap where the alphabet has the prefix in it, and which of them is a key cannot be seen.
     */
    Stream<KeyText.Span> spansIn(String text) {
        return IntStream.iterate(text.indexOf(prefix), i -> i >= 0, i -> text.indexOf(prefix, i + 1))
                .filter(start -> standsAt(text, start))
                .mapToObj(start -> new KeyText.Span(start, start + prefix.length() + length));
    }

    private boolean standsAt(String text, int start) {
        int end = start + prefix.length() + length;
        return text.length() >= end
                && text.startsWith(prefix, start)
                && isMadeOf(text.substring(start + prefix.length(), end));
    }

    /** Whether a text has no characters but those of the alphabet. */
    boolean isMadeOf(String text) {
        return text.chars().allMatch(alphabet::get);
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
