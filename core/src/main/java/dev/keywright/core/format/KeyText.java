package dev.keywright.core.format;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Text of an issued key: {@code ck_}, 28 random characters of {@code 0-9a-z}, and 4 check characters, which are also its
 * hint.
 */
public final class KeyText {

    /** Prefix of all issued keys. */
    public static final String PREFIX = "ck_";

    /** Number of random characters. */
    public static final int DRAWN = 28;

    /** Number of characters of the hint. */
    public static final int HINT = CheckCharacters.LENGTH;

    /** Index of the first check character. */
    static final int BODY = PREFIX.length() + DRAWN;

    /** Number of characters of a key. */
    public static final int LENGTH = BODY + HINT;

    private static final Pattern PATTERN = Pattern.compile(PREFIX + "[0-9a-z]{" + (DRAWN + HINT) + "}");

    /** One in each byte of a word. */
    private static final long EACH = 0x0101010101010101L;

    /** Highest bit of each byte of a word, which no ASCII character has. */
    private static final long HIGHEST = 0x8080808080808080L;

    /** Range of the characters of a text that have the shape of a key; the end is exclusive. */
    public record Span(int start, int end) {

        /** {@return the characters in a text} */
        public String in(String text) {
            return text.substring(start, end);
        }
    }

    private KeyText() {}

    /** Whether a text has the length, prefix and alphabet of a key; check characters are not verified. */
    public static boolean isWellShaped(String text) {
        return hasLengthAndPrefix(text) && areDigits(word(text, 3), word(text, 11), word(text, 19), word(text, 27));
    }

    /** Whether a text has the length and prefix of a key. */
    public static boolean hasLengthAndPrefix(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX);
    }

    /** {@return eight characters in a word, the first in the lowest byte; -1 if one is not ASCII} Unrolled, which takes a third of the time. */
    public static long word(String text, int from) {
        char c0 = text.charAt(from);
        char c1 = text.charAt(from + 1);
        char c2 = text.charAt(from + 2);
        char c3 = text.charAt(from + 3);
        char c4 = text.charAt(from + 4);
        char c5 = text.charAt(from + 5);
        char c6 = text.charAt(from + 6);
        char c7 = text.charAt(from + 7);
        if ((c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7) >= 0x80) {
            return -1;
        }
        long low = c0 | (c1 << 8) | (c2 << 16) | (c3 << 24);
        long high = c4 | (c5 << 8) | (c6 << 16) | (c7 << 24);
        return low | (high << 32);
    }

    /** Whether all characters of four words are in 0-9a-z. */
    public static boolean areDigits(long first, long second, long third, long fourth) {
        return (digits(first) & digits(second) & digits(third) & digits(fourth)) == HIGHEST;
    }

    /** {@return the highest bit of each byte that is in 0-9a-z} All eight bytes in parallel: a sum sets that bit if the byte is large enough. */
    private static long digits(long word) {
        long from0 = word + (0x80 - '0') * EACH;
        long beyond9 = word + (0x80 - '9' - 1) * EACH;
        long fromA = word + (0x80 - 'a') * EACH;
        long beyondZ = word + (0x80 - 'z' - 1) * EACH;
        return ((from0 & ~beyond9) | (fromA & ~beyondZ)) & ~word & HIGHEST;
    }

    /** Whether a text contains anything that looks like a key. */
    public static boolean isIn(String text) {
        return PATTERN.matcher(text).find();
    }

    /** {@return all parts of a text that look like a key, which cannot overlap} */
    public static Stream<Span> spansIn(String text) {
        return PATTERN.matcher(text).results().map(found -> new Span(found.start(), found.end()));
    }

    /** {@return the hint: the last characters, by which the owner of a key recognizes it} */
    public static String hintOf(String text) {
        return text.substring(text.length() - HINT);
    }
}
