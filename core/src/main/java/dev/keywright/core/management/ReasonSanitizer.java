package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.Revocation;
import dev.keywright.Suspension;
import dev.keywright.core.lookup.StoreKeyFinder;
import java.time.Instant;
import java.util.PrimitiveIterator;

/**
 * Sanitizes the reasons of revocations and suspensions, so that an invalid reason never keeps a key alive.
 *
 * <ol>
 *   <li>Replace each control character, line break, bidirectional override and lone surrogate by a space.
 *   <li>Replace the text of a key by its hint: {@code …o5p6}.
 *   <li>Truncate to 200 characters, the last of them {@code …}. This comes last: truncated first, a part of a key could remain.
 *   <li>Use the empty reason if {@link Revocation} rejects the result nevertheless, because nothing in it is visible.
 * </ol>
 */
final class ReasonSanitizer {

    private static final int MAX_CHARACTERS = 200;

    private final StoreKeyFinder keyFinder;

    ReasonSanitizer(StoreKeyFinder keyFinder) {
        this.keyFinder = keyFinder;
    }

    Revocation revocation(Instant at, Actor by, String reason) {
        String sanitized = truncate(keyFinder.hideKeysIn(replaceControls(reason)));
        try {
            return Revocation.of(at, by, sanitized);
        } catch (IllegalArgumentException e) {
            return new Revocation(at, by, "");
        }
    }

    Suspension suspension(Instant at, Actor by, String reason) {
        return new Suspension(at, by, revocation(at, by, reason).reason());
    }

    private static String replaceControls(String reason) {
        StringBuilder clean = new StringBuilder(reason.length());
        for (PrimitiveIterator.OfInt points = reason.codePoints().iterator(); points.hasNext(); ) {
            int point = points.nextInt();
            clean.appendCodePoint(isControl(point) ? ' ' : point);
        }
        return clean.toString();
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        };
    }

    private static String truncate(String reason) {
        if (reason.codePointCount(0, reason.length()) <= MAX_CHARACTERS) {
            return reason;
        }
        return reason.substring(0, reason.offsetByCodePoints(0, MAX_CHARACTERS - 1)) + "…";
    }
}
