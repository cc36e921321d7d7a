package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** OpenAPI document. Validates requests and responses, and records the operations, statuses and headers that were seen. */
final class OpenApi {

    /** Headers that the document must declare, since they matter to clients. */
    private static final Set<String> DECLARED_HEADERS =
            Set.of("cache-control", "www-authenticate", "retry-after", "link", "sunset", "allow", "location");

    private final Map<String, Object> document;
    private final Schemas schemas;
    private final Set<String> described = new TreeSet<>();
    private final Set<String> seen = new TreeSet<>();

    OpenApi(String json) {
        this.document = Json.object(json);
        this.schemas = new Schemas(document);
        operations().forEach((operation, content) -> {
            described.add(operation);
            responses(content).forEach((status, response) -> {
                described.add(operation + " " + status);
                headers(response).keySet().forEach(name -> described.add(operation + " " + status + " " + name));
            });
        });
    }

    Map<String, Object> document() {
        return document;
    }

    /** {@return the operations by method and path, in the order of the document} */
    Map<String, Map<String, Object>> operations() {
        Map<String, Map<String, Object>> operations = new LinkedHashMap<>();
        map(document.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    if (!method.equals("parameters")) {
                        operations.put(method.toUpperCase(Locale.ROOT) + " " + path, map(operation));
                    }
                }));
        return operations;
    }

    Set<String> described() {
        return described;
    }

    Set<String> seen() {
        return seen;
    }

    Schemas schemas() {
        return schemas;
    }

    /** Validates the body of a valid request. */
    void checkBody(String operation, String body) {
        Map<String, Object> described = map(operations().get(operation).getOrDefault("requestBody", Map.of()));
        if (Boolean.FALSE.equals(described.get("required")) && body.isEmpty()) {
            return;
        }
        assertThat(described.isEmpty()).as(operation).isEqualTo(body.isEmpty());
        if (!body.isEmpty()) {
            schemas.check(schemaOf(described), Json.any(body), operation + " body");
        }
    }

    /** Validates a response: its status, headers and body must be described. */
    void check(String operation, Reply reply) {
        String where = operation + " " + reply.status();
        assertThat(described).as("%s: %s", where, reply.text()).contains(where);
        Map<String, Object> response =
                resolved(responses(operations().get(operation)).get("" + reply.status()));
        Map<String, Object> headers = headers(response);
        headers.forEach((name, header) -> {
            String value = reply.header(name);
            if (value.isEmpty()) {
                assertThat(resolved(header).get("required"))
                        .as(where + " " + name)
                        .isNull();
            } else {
                schemas.check(resolved(header).get("schema"), value, where + " " + name);
                seen.add(where + " " + name);
            }
        });
        assertThat(reply.headers().keySet().stream().filter(DECLARED_HEADERS::contains))
                .as(where)
                .allMatch(name -> headers.keySet().stream().anyMatch(name::equalsIgnoreCase));
        schemas.check(schemaOf(response), Json.any(reply.text()), where);
        seen.addAll(Set.of(operation, where));
    }

    private Object schemaOf(Map<String, Object> withContent) {
        Map<String, Object> content = map(withContent.get("content"));
        assertThat(content.keySet()).isEqualTo(Set.of("application/json"));
        return map(content.get("application/json")).get("schema");
    }

    private Map<String, Object> responses(Map<String, Object> operation) {
        Map<String, Object> responses = new LinkedHashMap<>();
        map(operation.get("responses")).forEach((status, response) -> responses.put(status, resolved(response)));
        return responses;
    }

    private static Map<String, Object> headers(Object response) {
        return map(map(response).getOrDefault("headers", Map.of()));
    }

    private Map<String, Object> resolved(Object object) {
        return schemas.resolved(object);
    }

    @SuppressWarnings("unchecked") // Names of JSON members are strings.
    static Map<String, Object> map(Object object) {
        return (Map<String, Object>) object;
    }

    static List<?> list(Object object) {
        return (List<?>) object;
    }
}
