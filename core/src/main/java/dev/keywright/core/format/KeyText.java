package dev.keywright.core.format;

/**
 * Text of an issued key: the prefix of its {@link KeyTextFormat}, random characters, and check characters, which are also its
 * hint.
 */
public final class KeyText {

    /** Number of random characters. */
    public static final int DRAWN = 28;

    /** Number of characters of the hint. */
    public static final int HINT = CheckCharacters.LENGTH;

    /** Number of characters after the prefix. */
    public static final int SECRET = DRAWN + HINT;

    /** Number of characters of a key with the shortest prefix. */
    static final int MIN_LENGTH = 2 + SECRET;

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

    /** Whether the characters after the prefix are in 0-9a-z, in a text with the length of a key. */
    static boolean areDigits(String text) {
        int from = text.length() - SECRET;
        return areDigits(word(text, from), word(text, from + 8), word(text, from + 16), word(text, from + 24));
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

    /** {@return the hint: the last characters, by which the owner of a key recognizes it} */
    public static String hintOf(String text) {
        return text.substring(text.length() - HINT);
    }
}
