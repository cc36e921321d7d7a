package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.Revocation;
import dev.keywright.core.lookup.StoreKeyFinder;
import java.time.Instant;
import java.util.PrimitiveIterator;

/**
 * Makes any reason fit for a revocation, so that an unfit one never keeps a key alive.
 *
 * <ol>
 *   <li>Control characters, line breaks, characters that override the direction of text, and lone surrogates become a space
 *       each.
 *   <li>The text of a key becomes its hint: {@code …o5p6}.
 *   <li>What is longer than 200 characters is cut, and ends in {@code …}. This comes last: cut first, a part of a key could
 *       stay.
 *   <li>What {@link Revocation} refuses nevertheless, because nothing of it is visible, becomes empty.
 * </ol>
 */
final class ReasonSanitizer {

    private static final int MAX_CHARACTERS = 200;

    private final StoreKeyFinder lookUp;

    ReasonSanitizer(StoreKeyFinder lookUp) {
        this.lookUp = lookUp;
    }

    Revocation revocation(Instant at, Actor by, String reason) {
        String cleaned = cut(lookUp.hideKeysIn(withoutControls(reason)));
        try {
            return Revocation.of(at, by, cleaned);
        } catch (IllegalArgumentException e) {
            return new Revocation(at, by, "");
        }
    }

    private static String withoutControls(String reason) {
        StringBuilder clean = new StringBuilder(reason.length());
        for (PrimitiveIterator.OfInt points = reason.codePoints().iterator(); points.hasNext(); ) {
            int point = points.nextInt();
            clean.appendCodePoint(isUnfit(point) ? ' ' : point);
        }
        return clean.toString();
    }

    private static boolean isUnfit(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        };
    }

    private static String cut(String reason) {
        if (reason.codePointCount(0, reason.length()) <= MAX_CHARACTERS) {
            return reason;
        }
        return reason.substring(0, reason.offsetByCodePoints(0, MAX_CHARACTERS - 1)) + "…";
    }
}
