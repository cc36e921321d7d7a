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
 * What the {@code Authorization} headers of a request carry. A key that is sent in another way is never accepted, since in URLs,
 * cookies and forms keys would end up in logs; where it is sent in a common one of these ways, the client is told how to send it.
 *
 * @param kind what is there
 * @param token the API key, to be verified as it stands; empty for all other kinds
 */
record BearerCredentials(Kind kind, String token) {

    private static final String SCHEME = "Bearer";

    /** The parameter's name as it is, or with any of its characters encoded, as the host's container would decode it. */
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
        NOTHING,
        /**
         * No bearer token, but the text of an API key where other APIs expect theirs: without a scheme or under another one, in
         * {@code Basic} credentials, in {@code X-API-Key}, or in a parameter of the query.
         */
        MISPLACED,
        /** A bearer token that does not mean to be an API key. */
        OTHER_TOKEN,
        /** What means to be an API key, and may not be one. */
        API_KEY,
        /** An API key, and another token beside it: whoever reads that one where we read the key would be deceived. */
        REPEATED
    }

    static BearerCredentials in(HttpServletRequest request, KeyVerifier keys) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        List<String> tokens = new ArrayList<>();
        headers.forEach(header -> bearerToken(header).ifPresent(tokens::add));
        // Found leniently and verified strictly: what surrounds a key must neither make it valid nor hand it to others.
        Optional<String> key = tokens.stream()
                .filter(token -> keys.recognizes(token.substring(invisible(token))))
                .findFirst();
        if (key.isPresent()) {
            boolean repeated = headers.size() > 1 || hasTokenInQuery(request);
            return repeated ? new BearerCredentials(Kind.REPEATED, "") : new BearerCredentials(Kind.API_KEY, key.get());
        }
        if (!tokens.isEmpty()) {
            return new BearerCredentials(Kind.OTHER_TOKEN, "");
        }
        return new BearerCredentials(MisplacedKey.isIn(request, headers, keys) ? Kind.MISPLACED : Kind.NOTHING, "");
    }

    /** {@return whether the request has a token in its query, where RFC 6750, section 2.3, would have it} */
    private static boolean hasTokenInQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && QUERY_TOKEN.matcher(query).find();
    }

    /** {@return what follows the scheme and its blanks (RFC 9110, section 11.4), with whatever else stands around it} */
    private static Optional<String> bearerToken(String header) {
        // Compares letter by letter, in no language: a Turkish server knows this scheme too.
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String rest = header.substring(SCHEME.length());
        if (rest.isBlank() || invisible(rest) == 0) {
            return Optional.empty();
        }
        int start = 0;
        while (rest.charAt(start) == ' ') {
            start++;
        }
        return Optional.of(rest.substring(start));
    }

    /** {@return how many characters at the beginning are none to be seen: blanks of all scripts come along when somebody copies a key} */
    private static int invisible(String text) {
        int count = 0;
        while (count < text.length() && (text.charAt(count) < '!' || text.charAt(count) > '~')) {
            count++;
        }
        return count;
    }
}
