package dev.keywright.core;

import java.util.regex.Pattern;

/**
 * The text of a key: {@code ck_}, 28 characters drawn at random from {@code 0-9a-z}, and 4 check characters, which are also
 * its hint.
 */
final class KeyText {

    static final String PREFIX = "ck_";
    static final int DRAWN = 28;
    static final int HINT = CheckCharacters.LENGTH;

    /** Where the check characters begin. */
    static final int BODY = PREFIX.length() + DRAWN;

    private static final int LENGTH = BODY + HINT;

    private static final Pattern LOOKS_LIKE_ONE = Pattern.compile(PREFIX + "[0-9a-z]{" + (DRAWN + HINT) + "}");

    private KeyText() {}

    /** Whether a text has the length and the characters of a key; its check characters are another matter. */
    static boolean isWellShaped(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z')) {
                return false;
            }
        }
        return true;
    }

    /** Whether something that looks like a key stands anywhere in a text. */
    static boolean isIn(String text) {
        return LOOKS_LIKE_ONE.matcher(text).find();
    }

    /** {@return the last characters, by which the owner of a key recognises it} */
    static String hintOf(String text) {
        return text.substring(text.length() - HINT);
    }
}
