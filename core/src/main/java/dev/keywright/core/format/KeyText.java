package dev.keywright.core.format;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The text of a key: {@code ck_}, 28 characters drawn at random from {@code 0-9a-z}, and 4 check characters, which are also
 * its hint.
 */
public final class KeyText {

    public static final String PREFIX = "ck_";
    public static final int DRAWN = 28;
    public static final int HINT = CheckCharacters.LENGTH;

    /** Where the check characters begin. */
    static final int BODY = PREFIX.length() + DRAWN;

    public static final int LENGTH = BODY + HINT;

    private static final Pattern LOOKS_LIKE_ONE = Pattern.compile(PREFIX + "[0-9a-z]{" + (DRAWN + HINT) + "}");

    /** The same in each byte of a word; and the highest bit of each, which no ASCII character has. */
    private static final long EACH = 0x0101010101010101L;

    private static final long HIGHEST = 0x8080808080808080L;

    /** Characters of a text that have the shape of a key, from the first to the one after the last. */
    public record Span(int start, int end) {

        public String in(String text) {
            return text.substring(start, end);
        }
    }

    private KeyText() {}

    /** Whether a text has the length and the characters of a key; its check characters are another matter. */
    public static boolean isWellShaped(String text) {
        return hasLengthAndPrefix(text) && areDigits(word(text, 3), word(text, 11), word(text, 19), word(text, 27));
    }

    public static boolean hasLengthAndPrefix(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX);
    }

    /** {@return eight characters, the first of them lowest; -1 where one is not ASCII} Without a loop: so it takes a third of the time. */
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

    /** Whether all characters of four words are out of 0-9a-z. */
    public static boolean areDigits(long first, long second, long third, long fourth) {
        return (digits(first) & digits(second) & digits(third) & digits(fourth)) == HIGHEST;
    }

    /** {@return the highest bit of each byte that is out of 0-9a-z} Eight at once: a sum reaches that bit where a byte is large enough. */
    private static long digits(long word) {
        long from0 = word + (0x80 - '0') * EACH;
        long beyond9 = word + (0x80 - '9' - 1) * EACH;
        long fromA = word + (0x80 - 'a') * EACH;
        long beyondZ = word + (0x80 - 'z' - 1) * EACH;
        return ((from0 & ~beyond9) | (fromA & ~beyondZ)) & ~word & HIGHEST;
    }

    /** Whether something that looks like a key stands anywhere in a text. */
    public static boolean isIn(String text) {
        return LOOKS_LIKE_ONE.matcher(text).find();
    }

    /** {@return all characters of a text that look like a key, whatever stands around them} No two of these can overlap. */
    public static Stream<Span> spansIn(String text) {
        return LOOKS_LIKE_ONE.matcher(text).results().map(found -> new Span(found.start(), found.end()));
    }

    /** {@return the last characters, by which the owner of a key recognises it} */
    public static String hintOf(String text) {
        return text.substring(text.length() - HINT);
    }
}
