package dev.keywright.servlet;

import dev.keywright.KeyVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Detects an API key that a client sends as another API would expect it. Keys are recognized by their shape and never verified:
 * the only consequence is an error response that says how to send a key.
 */
final class MisplacedKey {

    /** No format has shorter keys; a shorter text with the prefix of a key may be a password. */
    private static final int MIN_LENGTH = 16;

    /** Names of query parameters in which other APIs accept a key. */
    private static final Pattern PARAMETER =
            Pattern.compile("access_token|(x[-_])?api[-_]?key", Pattern.CASE_INSENSITIVE);

    /** Separators of words in an {@code Authorization} header, such as {@code Token token="…"}. */
    private static final Pattern SEPARATOR = Pattern.compile("[\\s=:,;\"'<>]+");

    private MisplacedKey() {}

    static boolean isPresent(HttpServletRequest request, List<String> authorizations, KeyVerifier verifier) {
        Stream<String> candidates = Stream.of(
                        authorizations.stream().flatMap(MisplacedKey::words),
                        Collections.list(request.getHeaders("X-API-Key")).stream()
                                .map(String::strip),
                        parameters(request.getQueryString()))
                .flatMap(Function.identity());
        return candidates.anyMatch(text -> text.length() >= MIN_LENGTH && verifier.recognizes(text));
    }

    private static Stream<String> words(String authorization) {
        String[] words = SEPARATOR.split(authorization.strip());
        boolean basic = words.length > 1 && words[0].equalsIgnoreCase("Basic");
        // The split removes Base64 padding, which the decoder does not need.
        return basic ? Stream.of(decoded(words[1]).split(":", 2)) : Arrays.stream(words);
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    private static Stream<String> parameters(@Nullable String query) {
        return query == null
                ? Stream.empty()
                : Arrays.stream(query.split("&"))
                        .map(parameter -> parameter.split("=", 2))
                        .filter(parts -> parts.length == 2
                                && PARAMETER.matcher(unescaped(parts[0])).matches())
                        .map(parts -> unescaped(parts[1]).strip());
    }

    private static String unescaped(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
