package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
final class RequestInput {

    /** Stands for a JSON null. Whether a member may be left out instead, only the caller knows. */
    private static final Object NULL = new Object();

    private final Map<Field<?>, Object> values = new HashMap<>();

    private RequestInput() {}

    /**
     * Reads the JSON object that a body must be. It is left at the first thing that is wrong, so nesting does not grow deep.
     *
     * @param body the body
     * @param known the members that it may have
     */
    static RequestInput ofBody(String body, Field<?>... known) {
        if (body.isBlank()) {
            // A filter before that asks for parameters has read the body if it is called a form.
            throw invalidBody("must not be empty: send one JSON object, with Content-Type: application/json");
        }
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            return read(json, known);
        } catch (IOException e) {
            // The parser's own message quotes what was sent.
            throw invalidBody("must be valid JSON");
        }
    }

    private static RequestInput read(JsonParser json, Field<?>... known) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalidBody("must be a JSON object");
        }
        RequestInput input = new RequestInput();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Field<?> field =
                    find(json.currentName(), known).orElseThrow(() -> invalidBody("must have no members" + but(known)));
            input.put(field, json.nextToken() == JsonToken.VALUE_NULL ? NULL : field.in(json));
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
     * Reads the query of a request; not through its parameters, which the container looks for in the body too.
     *
     * @param request the request
     * @param known the parameters that it may have
     */
    static RequestInput ofQuery(HttpServletRequest request, List<Field<?>> known) {
        RequestInput input = new RequestInput();
        String query = request.getQueryString();
        if (query == null || query.isEmpty()) {
            return input;
        }
        Field<?>[] fields = known.toArray(Field<?>[]::new);
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            Field<?> field = find(decoded(parts[0]), fields)
                    .orElseThrow(() -> new BadRequestException("the query", "must have no parameters" + but(fields)));
            input.put(field, field.of(List.of(parts.length < 2 ? "" : decoded(parts[1]))));
        }
        return input;
    }

    /** {@return whether nothing was named} */
    boolean isEmpty() {
        return values.isEmpty();
    }

    /** {@return the value of a field that is required} */
    <T> T get(Field<T> field) {
        if (values.get(field) == NULL) {
            throw new BadRequestException(field.name(), field.rule());
        }
        return find(field).orElseThrow(() -> new BadRequestException(field.name(), "is required"));
    }

    /** {@return the value of a field that is optional} */
    @SuppressWarnings("unchecked") // What lies under a field was read by it.
    <T> Optional<T> find(Field<T> field) {
        if (values.get(field) == NULL) {
            throw new BadRequestException(field.name(), "must not be null: leave it out instead");
        }
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
            throw new BadRequestException("the query", "must be encoded as forms are");
        }
    }

    private static BadRequestException invalidBody(String rule) {
        return new BadRequestException("the body", rule);
    }
}
