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

/** The header parser, on what nobody has thought of: a query, and below it a line for each header. */
@Tag("fuzz")
class HeaderFuzzTest {

    private static final TestKeys KEYS = TestKeys.withScopes("read:people");
    private static final String KEY = KEYS.active("north").secret().reveal();
    private static final Pattern WELL_SENT = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +" + KEY);

    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

    @FuzzTest(maxDuration = "5m")
    void onlyASingleWellFormedKeyIsAdmitted(byte[] data) {
        // As containers do: a character for each byte. A valid key cannot be guessed, so it has a name here.
        String[] lines = new String(data, StandardCharsets.ISO_8859_1)
                .replace("KEY", KEY)
                .split("\n", -1);
        List<String> headers = Arrays.asList(lines).subList(1, lines.length);
        BearerCredentials presented = BearerCredentials.in(request(lines[0], headers), KEYS.apiKeys());
        boolean wellSent =
                headers.size() == 1 && WELL_SENT.matcher(headers.get(0)).matches();
        boolean in = presented.kind() == Kind.API_KEY && KEYS.apiKeys().verify(presented.token()) instanceof Verified;
        assertThat(in).isEqualTo(wellSent && !hasToken(lines[0]));
        if (headers.stream().anyMatch(header -> WELL_SENT.matcher(header).matches())) {
            assertThat(presented.kind()).isIn(Kind.API_KEY, Kind.REPEATED);
        }
        if (headers.stream().noneMatch(header -> header.regionMatches(true, 0, "bearer", 0, 6))) {
            assertThat(presented.kind()).isIn(Kind.NONE, Kind.MISPLACED);
            assertThat(presented.token()).isEmpty();
        }
    }

    /** As containers read a query, who take no offence at a broken escape. */
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
                    // A parser of headers that asks for anything else of a request reads a key where it must not.
                    default -> throw new AssertionError(method);
                });
    }
}
