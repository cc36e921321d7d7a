package dev.keywright.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Path of a request; for an include, the path of the included resource (Jakarta Servlet 6.0, section 9.3.1).
 *
 * <p>A path is used only if it is unambiguous: container, proxy and application must all interpret it alike. {@code
 * /api;x=1/people}, {@code /api%2fpeople} and {@code //api/people} have bypassed other filters. Some containers also decode
 * {@code %u002f} as a slash, and decode invalid UTF-8 in their own way.
 *
 * @param raw the path as the client sent it
 * @param request the request
 * @param included whether the request is an include
 */
record RequestPath(String raw, HttpServletRequest request, boolean included) {

    /** The unescaped characters that RFC 3986, section 3.3, allows in a path, except the semicolon. */
    private static final String PUNCTUATION = "/-._~!$&'()*+,=:@";

    /** Characters that some parsers treat as a separator or as an escape. All parsers treat a slash as a separator. */
    private static final String AMBIGUOUS = "\\;%";

    static RequestPath of(HttpServletRequest request) {
        if (request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) instanceof String raw) {
            return new RequestPath(raw, request, true);
        }
        return new RequestPath(request.getRequestURI(), request, false);
    }

    /**
     * Returns the path as the container has decoded it, without the context path. The container selects the servlet by it, too.
     *
     * @return the path; empty if it is ambiguous
     */
    Optional<String> path() {
        // The raw path is checked first: some containers throw if they cannot decode the path.
        return isUnambiguous(raw)
                ? Optional.of(containerPath()).filter(RequestPath::isUnambiguousDecoded)
                : Optional.empty();
    }

    private String containerPath() {
        return included
                ? joined(
                        request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH),
                        request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                : joined(request.getServletPath(), request.getPathInfo());
    }

    private static String joined(@Nullable Object servletPath, @Nullable Object pathInfo) {
        return (servletPath == null ? "" : servletPath.toString()) + (pathInfo == null ? "" : pathInfo.toString());
    }

    private static boolean isUnambiguous(String raw) {
        return decoded(raw).filter(RequestPath::isUnambiguousDecoded).isPresent();
    }

    /** Checks the container's decoded path too: not all containers expose the raw path. */
    private static boolean isUnambiguousDecoded(String path) {
        String terminated = path + "/";
        return !path.contains("//")
                && !terminated.contains("/./")
                && !terminated.contains("/../")
                && !hasAny(path, c -> AMBIGUOUS.indexOf(c) >= 0 || Character.isISOControl(c));
    }

    /** {@return the decoded path; empty if it violates RFC 3986, is not UTF-8, or contains an escaped slash} */
    private static Optional<String> decoded(String raw) {
        if (hasAny(raw, c -> c != '%' && !isLetterOrDigit(c) && PUNCTUATION.indexOf(c) < 0)) {
            return Optional.empty();
        }
        return raw.indexOf('%') < 0 ? Optional.of(raw) : unescaped(raw);
    }

    private static boolean hasAny(String text, IntPredicate condition) {
        for (int i = 0; i < text.length(); i++) {
            if (condition.test(text.charAt(i))) {
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
            // This decoder rejects malformed UTF-8; the String constructor would replace it.
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
