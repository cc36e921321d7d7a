package dev.keywright.servlet;

import dev.keywright.KeyVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes API keys that a client sends in the way of other APIs. They are recognized by their shape, and never verified: all that
 * follows is a refusal which says how to send a key.
 */
final class MisplacedKey {

    /** No format has shorter keys. What is shorter and begins like a key may be a password that a person has chosen. */
    private static final int MIN_LENGTH = 16;

    /** Names of query parameters under which other APIs take a key. */
    private static final Pattern PARAMETER =
            Pattern.compile("access_token|(x[-_])?api[-_]?key", Pattern.CASE_INSENSITIVE);

    /** Separates the words of an {@code Authorization} header, such as {@code Token token="…"}. */
    private static final Pattern SEPARATOR = Pattern.compile("[\\s=:,;\"'<>]+");

    private MisplacedKey() {}

    static boolean isIn(HttpServletRequest request, List<String> authorizations, KeyVerifier keys) {
        Stream<String> candidates = Stream.of(
                        authorizations.stream().flatMap(MisplacedKey::words),
                        Collections.list(request.getHeaders("X-API-Key")).stream()
                                .map(String::strip),
                        parameters(request.getQueryString()))
                .flatMap(texts -> texts);
        return candidates.anyMatch(text -> text.length() >= MIN_LENGTH && keys.recognizes(text));
    }

    private static Stream<String> words(String authorization) {
        String[] words = SEPARATOR.split(authorization.strip());
        boolean basic = words.length > 1 && words[0].equalsIgnoreCase("Basic");
        // The encoding may end in equals signs, which are separators here and may be left out there.
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
