package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the portal answered. Making one checks what holds for each of its answers: JSON, no banner of the server, and for an
 * error one sentence and nothing else.
 *
 * @param status the status code
 * @param headers the headers, by their names in small letters
 * @param text the body
 */
record Reply(int status, Map<String, List<String>> headers, String text) {

    Reply {
        Map<String, List<String>> lowerCase = new TreeMap<>();
        headers.forEach((name, values) -> lowerCase.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = lowerCase;
        assertThat(headers.get("content-type")).as("of %s %s", status, text).containsExactly("application/json");
        assertThat(headers).doesNotContainKeys("server", "x-powered-by");
        if (status >= 400) {
            assertThat(Json.object(text)).containsOnlyKeys("error");
            assertThat((String) Json.object(text).get("error")).isNotBlank().doesNotContain("Exception", "\n", "ck_");
        }
    }

    /** The only value of a header, or an empty text. */
    String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        assertThat(values).hasSizeLessThanOrEqualTo(1);
        return values.isEmpty() ? "" : values.get(0);
    }

    String challenge() {
        return header("WWW-Authenticate");
    }

    String error() {
        return (String) Json.object(text).get("error");
    }

    Map<String, Object> object() {
        return Json.object(text);
    }

    List<Map<String, Object>> objects() {
        assertThat(status).as(text).isEqualTo(200);
        return Json.objects(text);
    }

    String get(String member) {
        return String.valueOf(object().get(member));
    }

    /** The same answer without what differs from one moment to the next. */
    Reply withoutDate() {
        Map<String, List<String>> rest = new TreeMap<>(headers);
        rest.remove("date");
        return new Reply(status, rest, text);
    }
}
