package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keywright.Verified;
import dev.keywright.servlet.BearerCredentials.Kind;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

/** Fuzzes the header parser: the first line of the input is a query, and each further line a header. */
@Tag("fuzz")
class HeaderFuzzTest {

    private static final TestKeys KEYS = TestKeys.withScopes("read:people");
    private static final String KEY = KEYS.active("north").secret().reveal();
    private static final Pattern WELL_FORMED = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +" + KEY);

    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

    @FuzzTest(maxDuration = "5m")
    void onlyASingleWellFormedKeyIsAdmitted(byte[] data) {
        // One character for each byte, as in containers. KEY stands for a valid key, which cannot be guessed.
        String[] lines = new String(data, StandardCharsets.ISO_8859_1)
                .replace("KEY", KEY)
                .split("\n", -1);
        List<String> headers = Arrays.asList(lines).subList(1, lines.length);
        BearerCredentials credentials = BearerCredentials.in(request(lines[0], headers), KEYS.apiKeys());
        boolean wellFormed =
                headers.size() == 1 && WELL_FORMED.matcher(headers.get(0)).matches();
        boolean admitted =
                credentials.kind() == Kind.API_KEY && KEYS.apiKeys().verify(credentials.token()) instanceof Verified;
        assertThat(admitted).isEqualTo(wellFormed && !hasToken(lines[0]));
        if (headers.stream().anyMatch(header -> WELL_FORMED.matcher(header).matches())) {
            assertThat(credentials.kind()).isIn(Kind.API_KEY, Kind.REPEATED);
        }
        if (headers.stream().noneMatch(header -> header.regionMatches(true, 0, "bearer", 0, 6))) {
            assertThat(credentials.kind()).isIn(Kind.NONE, Kind.MISPLACED);
            assertThat(credentials.token()).isEmpty();
        }
    }

    /** Decodes a query as containers do, which tolerate malformed escapes. */
    private static boolean hasToken(String query) {
        return Arrays.stream(query.split("&", -1))
                .map(parameter -> unescaped(parameter.split("=", 2)[0]))
                .anyMatch("access_token"::equalsIgnoreCase);
    }

    private static String unescaped(String name) {
        return ESCAPE.matcher(name)
                .replaceAll(found ->
                        Matcher.quoteReplacement(String.valueOf((char) HexFormat.fromHexDigits(found.group(1)))));
    }

    private static HttpServletRequest request(String query, List<String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HeaderFuzzTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" ->
                        Collections.enumeration(arguments[0].equals("Authorization") ? headers : List.<String>of());
                    case "getQueryString" -> query.isEmpty() ? null : query;
                    // The parser must not read a key from any other part of a request.
                    default -> throw new AssertionError(method);
                });
    }
}
