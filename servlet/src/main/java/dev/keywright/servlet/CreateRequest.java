package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keywright.InvalidRequest;
import dev.keywright.NewKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON in which a key is asked for: {@code {"name": "…", "scopes": ["…"]}}, and nothing else. It is left at the first
 * thing that is wrong, so nesting does not grow deep.
 */
final class CreateRequest {

    private @Nullable String name;
    private String @Nullable [] scopes;

    private CreateRequest() {}

    static NewKey parse(String text) {
        CreateRequest request = new CreateRequest();
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            request.readFrom(json);
        } catch (IOException e) {
            // The parser's own message quotes what was sent.
            throw notOneObject();
        }
        return request.toNewKey();
    }

    private void readFrom(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw notOneObject();
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "name" -> name = string(json);
                case "scopes" -> scopes = strings(json);
                default -> throw new InvalidRequest("the body", "must have no members but name and scopes");
            }
        }
        if (json.nextToken() != null) {
            throw notOneObject();
        }
    }

    private static String string(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.VALUE_STRING, "name", "must be a string");
        return json.getText();
    }

    private static String[] strings(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.START_ARRAY, "scopes", "must be an array of strings");
        List<String> strings = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING, "scopes", "must be an array of strings");
            strings.add(json.getText());
        }
        return strings.toArray(String[]::new);
    }

    private static void require(boolean kept, String field, String rule) {
        if (!kept) {
            throw new InvalidRequest(field, rule);
        }
    }

    private NewKey toNewKey() {
        if (name == null) {
            throw new InvalidRequest("name", "is required");
        }
        if (scopes == null) {
            throw new InvalidRequest("scopes", "is required");
        }
        return NewKey.named(name).allowing(scopes);
    }

    private static InvalidRequest notOneObject() {
        return new InvalidRequest("the body", "must be one JSON object, in which no member stands twice");
    }
}
