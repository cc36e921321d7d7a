package dev.keywright.internal;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;

/** Rules for text from clients, in one place, so that all kinds of text agree. */
public final class Text {

    /** Hangul fillers and the blank Braille pattern: letters and symbols by category, but invisible. */
    private static final String BLANK_LETTERS = "\u115F\u1160\u3164\uFFA0\u2800";

    /**
     * Categories that are invisible by themselves: spaces, and marks that combine with a letter. Unassigned code points are
     * left out: a later version of Unicode may assign them, and validity must not depend on the JDK.
     */
    private static final Set<Integer> INVISIBLE =
            Set.of((int) Character.SPACE_SEPARATOR, (int) Character.FORMAT, (int) Character.NON_SPACING_MARK, (int)
                    Character.ENCLOSING_MARK);

    /** Enough for 100 code points. Only compatibility characters that stand for several others can need more. */
    private static final int MAX_FOLDED_BYTES = 400;

    private Text() {}

    /**
     * Returns a text as searches compare it: in Unicode normalization form KC, without case, and cut after 400 bytes of UTF-8. Each
     * code point is folded by itself, so that the folded start of a text is the start of the folded text, unless it ends within a
     * character that is composed of several.
     */
    public static String folded(String text) {
        StringBuilder folded = new StringBuilder();
        normalized(text)
                .codePoints()
                .map(Character::toUpperCase)
                .map(Character::toLowerCase)
                .forEach(folded::appendCodePoint);
        String normalized = normalized(folded.toString());
        int bytes = 0;
        int end = 0;
        while (end < normalized.length()) {
            int point = normalized.codePointAt(end);
            bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_FOLDED_BYTES) {
                return normalized.substring(0, end);
            }
            end += Character.charCount(point);
        }
        return normalized;
    }

    private static String normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    /**
     * Returns the rule that a text breaks. A text must not be blank or too long, and must not contain characters that can
     * forge a log line, reorder surrounding text, or that UTF-8 cannot encode.
     *
     * @return the rule, as the predicate of a sentence whose subject is the field; empty if the text is valid
     */
    public static Optional<String> problem(String text, int maxLength) {
        // The length first, so that a client cannot make this loop over a megabyte.
        if (text.length() > 2 * maxLength || text.codePointCount(0, text.length()) > maxLength) {
            return Optional.of("must not be longer than " + maxLength + " characters");
        }
        boolean visible = false;
        for (PrimitiveIterator.OfInt points = text.codePoints().iterator(); points.hasNext(); ) {
            int point = points.nextInt();
            int type = Character.getType(point);
            if (type == Character.CONTROL
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || reorders(point)) {
                return Optional.of("must not contain control characters, line breaks or halves of characters");
            }
            visible |= !INVISIBLE.contains(type) && BLANK_LETTERS.indexOf(point) < 0 && !isNeverShown(point);
        }
        return visible ? Optional.empty() : Optional.of("must not be blank");
    }

    /** Throws {@link IllegalArgumentException} if a text breaks a rule. */
    public static void require(String subject, String text, int maxLength) {
        problem(text, maxLength).ifPresent(rule -> {
            throw new IllegalArgumentException(subject + " " + rule);
        });
    }

    /**
     * Tests for a noncharacter, or a code point in a range that Unicode reserves for invisible characters
     * (Default_Ignorable_Code_Point), assigned or not: these ranges are stable.
     */
    private static boolean isNeverShown(int point) {
        return (point & 0xFFFE) == 0xFFFE
                || (point >= 0xFDD0 && point <= 0xFDEF)
                || (point >= 0xFFF0 && point <= 0xFFF8)
                || (point >= 0xE0000 && point <= 0xE0FFF)
                || point == 0x2065;
    }

    /** Tests for a character that overrides the direction of text: such a name could imitate another one. */
    private static boolean reorders(int point) {
        return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    }
}
