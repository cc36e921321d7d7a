package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parsed fields of a body or a query. Unknown and repeated fields are rejected: a client must not believe that a value has an
 * effect if it is ignored.
 */
final class RequestInput {

    /** Marks a JSON null; {@link #get} and {@link #find} reject it with different messages. */
    private static final Object NULL = new Object();

    private final Map<Field<?>, Object> values = new HashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private RequestInput() {}

    /**
     * Parses a body, which must be a JSON object. Stops at the first error, which also bounds nesting.
     *
     * @param body the body
     * @param allowed the members that are allowed
     */
    static RequestInput ofBody(String body, Field<?>... allowed) {
        if (body.isBlank()) {
            // A filter that reads parameters consumes a body whose media type is that of a form, hence the advice.
            throw invalidBody("must not be empty: send one JSON object, with Content-Type: application/json");
        }
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            return read(json, allowed);
        } catch (IOException e) {
            // The parser's message would quote the body.
            throw invalidBody("must be valid JSON");
        }
    }

    /** Parses a body as {@link #ofBody} does, or an empty one, which has no members. */
    static RequestInput ofOptionalBody(String body, Field<?>... allowed) {
        return body.isEmpty() ? new RequestInput() : ofBody(body, allowed);
    }

    private static RequestInput read(JsonParser json, Field<?>... allowed) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalidBody("must be a JSON object");
        }
        RequestInput input = new RequestInput();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Field<?> field = find(json.currentName(), allowed)
                    .orElseThrow(() -> invalidBody("must have no members" + butAllowed(allowed)));
            input.put(field, json.nextToken() == JsonToken.VALUE_NULL ? NULL : field.read(json));
        }
        if (json.nextToken() != null) {
            throw invalidBody("must have nothing after its JSON object");
        }
        return input;
    }

    private void put(Field<?> field, Object value) {
        if (values.put(field, value) != null) {
            throw new BadRequestException(field.name(), "must be given once");
        }
    }

    /**
     * Parses the query of a request, without {@code getParameter}, which would read the body too.
     *
     * @param request the request
     * @param allowed the parameters that are allowed
     */
    static RequestInput ofQuery(HttpServletRequest request, List<Field<?>> allowed) {
        RequestInput input = new RequestInput();
        String query = request.getQueryString();
        if (query == null || query.isEmpty()) {
            return input;
        }
        Field<?>[] fields = allowed.toArray(Field<?>[]::new);
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            Field<?> field = find(decoded(parts[0]), fields)
                    .orElseThrow(
                            () -> new BadRequestException("the query", "must have no parameters" + butAllowed(fields)));
            String text = parts.length < 2 ? "" : decoded(parts[1]);
            input.put(field, field.parse(List.of(text)));
            input.parameters.put(field.name(), text);
        }
        return input;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** {@return the decoded query parameters, in the order of the request} */
    Map<String, String> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** {@return the value of a required field} */
    <T> T get(Field<T> field) {
        if (values.get(field) == NULL) {
            throw new BadRequestException(field.name(), field.rule());
        }
        return find(field).orElseThrow(() -> new BadRequestException(field.name(), "is required"));
    }

    /** {@return whether the field is a JSON null} */
    boolean isNull(Field<?> field) {
        return values.get(field) == NULL;
    }

    /** {@return the value of an optional field} */
    @SuppressWarnings("unchecked") // The value of a field is of the field's type.
    <T> Optional<T> find(Field<T> field) {
        if (values.get(field) == NULL) {
            throw new BadRequestException(field.name(), "must not be null: leave it out instead");
        }
        return Optional.ofNullable((T) values.get(field));
    }

    private static Optional<Field<?>> find(@Nullable String name, Field<?>... allowed) {
        for (Field<?> field : allowed) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** {@return the end of an error message, with the allowed names; the client's own are not repeated} */
    private static String butAllowed(Field<?>... allowed) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < allowed.length; i++) {
            names.append(i == 0 ? " but " : i < allowed.length - 1 ? ", " : " and ")
                    .append(allowed[i].name());
        }
        return names.toString();
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("the query", "must have a valid percent-encoding");
        }
    }

    private static BadRequestException invalidBody(String rule) {
        return new BadRequestException("the body", rule);
    }
}
