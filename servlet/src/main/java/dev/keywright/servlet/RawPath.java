package dev.keywright.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Tells paths that everybody reads alike from those that a container, a proxy and an application may each read in their own
 * way. {@code /api;x=1/people}, {@code /api%2fpeople} and {@code //api/people} have slipped past the filters of others; some
 * containers take {@code %u002f} for a slash, too, and what is no UTF-8 for anything.
 */
final class RawPath {

    /** What RFC 3986, section 3.3, lets stand in a path as it is, without the semicolon. */
    private static final String PUNCTUATION = "/-._~!$&'()*+,=:@";

    /** What separates, or encodes, in one reader's eyes or in another's; a slash does so in everybody's. */
    private static final String SEPARATING = "\\;%";

    private RawPath() {}

    /** {@return whether a path has one meaning only, as the client has sent it} */
    static boolean isPlain(String raw) {
        return decoded(raw).filter(RawPath::isPlainDecoded).isPresent();
    }

    /** {@return whether a path has one meaning only, as the container has decoded it} Not all containers show what was sent. */
    static boolean isPlainDecoded(String path) {
        String closed = path + "/";
        return !path.contains("//")
                && !closed.contains("/./")
                && !closed.contains("/../")
                && !hasAny(path, c -> SEPARATING.indexOf(c) >= 0 || Character.isISOControl(c));
    }

    /** {@return what a path says, if it says that as RFC 3986 has it, in UTF-8, and hides no slash} */
    private static Optional<String> decoded(String raw) {
        if (hasAny(raw, c -> c != '%' && !isLetterOrDigit(c) && PUNCTUATION.indexOf(c) < 0)) {
            return Optional.empty();
        }
        return raw.indexOf('%') < 0 ? Optional.of(raw) : unescaped(raw);
    }

    private static boolean hasAny(String text, IntPredicate what) {
        for (int i = 0; i < text.length(); i++) {
            if (what.test(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> unescaped(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (!isEscape(raw, i)) {
                    return Optional.empty();
                }
                c = (char) HexFormat.fromHexDigits(raw, i + 1, i + 3);
                if (c == '/') {
                    return Optional.empty();
                }
                i += 2;
            }
            bytes.write(c);
        }
        try {
            // This decoder refuses what is not UTF-8; a String's constructor would make question marks of it.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isEscape(String raw, int percent) {
        return percent + 2 < raw.length()
                && HexFormat.isHexDigit(raw.charAt(percent + 1))
                && HexFormat.isHexDigit(raw.charAt(percent + 2));
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
