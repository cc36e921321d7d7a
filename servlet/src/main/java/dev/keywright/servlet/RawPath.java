package dev.keywright.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tells paths that everybody reads alike from those that a container, a proxy and an application may each read in their own
 * way. {@code /api;x=1/people}, {@code /api%2fpeople} and {@code //api/people} have slipped past the filters of others; some
 * containers take {@code %u002f} for a slash, too, and what is no UTF-8 for anything.
 */
final class RawPath {

    /** What RFC 3986, section 3.3, lets stand in a path as it is, without the semicolon. */
    private static final String PUNCTUATION = "/-._~!$&'()*+,=:@";

    /** What separates, or encodes, in one reader's eyes or in another's. */
    private static final String SEPARATING = "/\\;%";

    private RawPath() {}

    /**
     * {@return whether a path has one meaning only}
     *
     * @param raw the path as the client has sent it
     * @param decoded what the container has made of it; not all of them show what was sent, however they are asked
     */
    static boolean isPlain(String raw, String decoded) {
        return decoded(raw).filter(RawPath::isPlain).isPresent()
                && isPlain(decoded)
                && decoded.chars().allMatch(c -> c == '/' || SEPARATING.indexOf(c) < 0);
    }

    private static boolean isPlain(String text) {
        boolean dots =
                Arrays.stream(text.split("/", -1)).anyMatch(segment -> segment.equals(".") || segment.equals(".."));
        return !dots && !text.contains("//") && text.chars().noneMatch(Character::isISOControl);
    }

    /** {@return what a path says, if it says that as RFC 3986 has it, in UTF-8, and hides nothing that separates} */
    private static Optional<String> decoded(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' && isEncoded(raw, i)) {
                int code = HexFormat.fromHexDigits(raw, i + 1, i + 3);
                if (SEPARATING.indexOf(code) >= 0) {
                    return Optional.empty();
                }
                bytes.write(code);
                i += 2;
            } else if (isLetterOrDigit(c) || PUNCTUATION.indexOf(c) >= 0) {
                bytes.write(c);
            } else {
                return Optional.empty();
            }
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

    private static boolean isEncoded(String raw, int percent) {
        return percent + 2 < raw.length()
                && HexFormat.isHexDigit(raw.charAt(percent + 1))
                && HexFormat.isHexDigit(raw.charAt(percent + 2));
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
