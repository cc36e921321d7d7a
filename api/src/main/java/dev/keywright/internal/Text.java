package dev.keywright.internal;

import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;

/** The rules that texts from outside obey, in one place, so that no two kinds of text disagree. */
public final class Text {

    /** Fillers of Hangul and the empty Braille pattern: letters and signs by their category, and nothing to the eye. */
    private static final String BLANK_LETTERS = "\u115F\u1160\u3164\uFFA0\u2800";

    /**
     * Nothing to the eye by themselves: blanks, and marks that need a letter to stand on. Not what is unassigned: the next
     * version of Unicode may give it a shape, and then it would depend on the JDK whether a text is good.
     */
    private static final Set<Integer> INVISIBLE =
            Set.of((int) Character.SPACE_SEPARATOR, (int) Character.FORMAT, (int) Character.NON_SPACING_MARK, (int)
                    Character.ENCLOSING_MARK);

    private Text() {}

    /**
     * Says which rule a text breaks that people will read: not blank, not too long, and nothing in it that could forge a
     * line of a log, reorder what stands around it on a page, or that UTF-8 cannot carry.
     *
     * @return the rule, as the end of a sentence that begins with the name of the field; empty where the text is good
     */
    public static Optional<String> problem(String text, int longest) {
        // The length comes first: nobody should make us walk through a megabyte.
        if (text.length() > 2 * longest || text.codePointCount(0, text.length()) > longest) {
            return Optional.of("must not be longer than " + longest + " characters");
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

    /** As {@link #problem}, for what the host's own code supplies: there it is a mistake in the program. */
    public static void require(String what, String text, int longest) {
        problem(text, longest).ifPresent(rule -> {
            throw new IllegalArgumentException(what + " " + rule);
        });
    }

    /**
     * Whether a code point is a noncharacter, or in one of the ranges that Unicode has set aside for characters without a
     * shape (Default_Ignorable_Code_Point), assigned or not: these ranges never change.
     */
    private static boolean isNeverShown(int point) {
        return (point & 0xFFFE) == 0xFFFE
                || (point >= 0xFDD0 && point <= 0xFDEF)
                || (point >= 0xFFF0 && point <= 0xFFF8)
                || (point >= 0xE0000 && point <= 0xE0FFF)
                || point == 0x2065;
    }

    /** Whether a character turns the direction of the text after it: such a name could pass for another one. */
    private static boolean reorders(int point) {
        return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    }
}
