package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Response of the portal. The constructor asserts the rules for all responses: JSON, no server banner, and errors with one sentence
 * and no other member.
 *
 * @param status the status code
 * @param headers the headers, by lower-case name
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
            assertThat(Json.object(text).keySet())
                    .contains("error")
                    .isSubsetOf("error", status == 409 ? "id" : "error");
            assertThat((String) Json.object(text).get("error")).isNotBlank().doesNotContain("Exception", "\n", "ck_");
        }
    }

    /** Returns the only value of a header; empty if it is missing. */
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

    /** Returns this response without its Date header. */
    Reply withoutDate() {
        Map<String, List<String>> rest = new TreeMap<>(headers);
        rest.remove("date");
        return new Reply(status, rest, text);
    }
}
