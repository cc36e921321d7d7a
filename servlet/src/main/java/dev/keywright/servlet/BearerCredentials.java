package dev.keywright.servlet;

import dev.keywright.KeyVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Credentials in the {@code Authorization} headers of a request. A key that is sent in any other way is never accepted, since
 * keys in URLs, cookies and forms end up in logs; after the most common mistakes, the response says how to send a key.
 *
 * @param kind the kind of credentials
 * @param token the API key, to be verified without trimming; empty for all other kinds
 */
record BearerCredentials(Kind kind, String token) {

    private static final String SCHEME = "Bearer";

    /** Matches the parameter name with any of its characters percent-encoded, since the container would decode them. */
    private static final Pattern QUERY_TOKEN = Pattern.compile(
            "(^|&)"
                    + "access_token"
                            .chars()
                            .mapToObj(c -> "(" + (char) c + "|%" + Integer.toHexString(c) + ")")
                            .collect(Collectors.joining())
                    + "(=|&|$)",
            Pattern.CASE_INSENSITIVE);

    enum Kind {
        /** No bearer token. */
        NONE,
        /**
         * No bearer token, but an API key where other APIs expect one: without a scheme or under another one, in {@code Basic}
         * credentials, in {@code X-API-Key}, or in a query parameter.
         */
        MISPLACED,
        /** A bearer token that is not recognized as an API key. */
        OTHER_TOKEN,
        /** A bearer token that is recognized as an API key, and not yet verified. */
        API_KEY,
        /** An API key and another token, by which another component could authenticate the same request. */
        REPEATED
    }

    static BearerCredentials in(HttpServletRequest request, KeyVerifier verifier) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        List<String> tokens = new ArrayList<>();
        headers.forEach(header -> bearerToken(header).ifPresent(tokens::add));
        // Recognized leniently and verified strictly: surrounding characters must neither make a key valid, nor pass
        // it to the host's authentication.
        Optional<String> key = tokens.stream()
                .filter(token -> verifier.recognizes(token.substring(leadingInvisible(token))))
                .findFirst();
        if (key.isPresent()) {
            boolean repeated = headers.size() > 1 || hasTokenInQuery(request);
            return repeated ? new BearerCredentials(Kind.REPEATED, "") : new BearerCredentials(Kind.API_KEY, key.get());
        }
        if (!tokens.isEmpty()) {
            return new BearerCredentials(Kind.OTHER_TOKEN, "");
        }
        return new BearerCredentials(
                MisplacedKey.isPresent(request, headers, verifier) ? Kind.MISPLACED : Kind.NONE, "");
    }

    /** {@return whether the query has a token as in RFC 6750, section 2.3} */
    private static boolean hasTokenInQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && QUERY_TOKEN.matcher(query).find();
    }

    /** {@return the text after the scheme and its spaces (RFC 9110, section 11.4), untrimmed} */
    private static Optional<String> bearerToken(String header) {
        // Independent of the default locale, unlike case conversion, which fails in Turkish.
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String rest = header.substring(SCHEME.length());
        if (rest.isBlank() || leadingInvisible(rest) == 0) {
            return Optional.empty();
        }
        int start = 0;
        while (rest.charAt(start) == ' ') {
            start++;
        }
        return Optional.of(rest.substring(start));
    }

    /** {@return the number of leading characters outside visible ASCII, such as Unicode spaces copied with a key} */
    private static int leadingInvisible(String text) {
        int count = 0;
        while (count < text.length() && (text.charAt(count) < '!' || text.charAt(count) > '~')) {
            count++;
        }
        return count;
    }
}
