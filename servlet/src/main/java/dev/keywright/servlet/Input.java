package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keywright.InvalidRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client has sent: the values of those fields that it has named, all of which we know. What we do not know is refused,
 * and so is what stands twice: a client must not be able to believe that it has set something else than it has.
 */
final class Input {

    private final Map<Field<?>, Object> values = new HashMap<>();

    private Input() {}

    /**
     * Reads the JSON object that a body must be. It is left at the first thing that is wrong, so nesting does not grow deep.
     *
     * @param body the body
     * @param known the members that it may have
     */
    static Input ofBody(String body, Field<?>... known) {
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            return read(json, known);
        } catch (IOException e) {
            // The parser's own message quotes what was sent.
            throw notOneObject();
        }
    }

    private static Input read(JsonParser json, Field<?>... known) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw notOneObject();
        }
        Input input = new Input();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Field<?> field = find(json.currentName(), known)
                    .orElseThrow(() -> new InvalidRequest("the body", "must have no members" + but(known)));
            input.values.put(field, field.in(json));
        }
        if (json.nextToken() != null) {
            throw notOneObject();
        }
        return input;
    }

    /**
     * Reads the query of a request; not through its parameters, which the container looks for in the body too.
     *
     * @param request the request
     * @param known the parameters that it may have
     */
    static Input ofQuery(HttpServletRequest request, List<Field<?>> known) {
        Input input = new Input();
        String query = request.getQueryString();
        if (query == null || query.isEmpty()) {
            return input;
        }
        Field<?>[] fields = known.toArray(Field<?>[]::new);
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            Field<?> field = find(decoded(parts[0]), fields)
                    .orElseThrow(() -> new InvalidRequest("the query", "must have no parameters" + but(fields)));
            Object value = field.of(List.of(parts.length < 2 ? "" : decoded(parts[1])));
            if (input.values.put(field, value) != null) {
                throw new InvalidRequest(field.name(), "must be given once");
            }
        }
        return input;
    }

    /** {@return whether nothing was named} */
    boolean isEmpty() {
        return values.isEmpty();
    }

    <T> T get(Field<T> field) {
        return find(field).orElseThrow(() -> new InvalidRequest(field.name(), "is required"));
    }

    @SuppressWarnings("unchecked") // What lies under a field was read by it.
    <T> Optional<T> find(Field<T> field) {
        return Optional.ofNullable((T) values.get(field));
    }

    private static Optional<Field<?>> find(@Nullable String name, Field<?>... known) {
        for (Field<?> field : known) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** {@return the end of the sentence that says which names are known: the client's own are not repeated} */
    private static String but(Field<?>... known) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < known.length; i++) {
            names.append(i == 0 ? " but " : i < known.length - 1 ? ", " : " and ")
                    .append(known[i].name());
        }
        return names.toString();
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("the query", "must be encoded as forms are");
        }
    }

    private static InvalidRequest notOneObject() {
        return new InvalidRequest("the body", "must be one JSON object, in which no member stands twice");
    }
}
