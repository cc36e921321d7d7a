package dev.keywright.examples.portal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps and lists that keep the order of the document. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** The value of a JSON null. */
    static final Object NULL = new Object();

    static Map<String, Object> object(String text) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) read(text)).forEach((name, value) -> object.put((String) name, value));
        return object;
    }

    static List<Map<String, Object>> objects(String text) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object element : (List<?>) read(text)) {
            Map<String, Object> object = new LinkedHashMap<>();
            ((Map<?, ?>) element).forEach((name, value) -> object.put((String) name, value));
            objects.add(object);
        }
        return objects;
    }

    static Object any(String text) {
        return read(text);
    }

    private static Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one JSON value: " + text);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            // Only requests have it; no response matches a schema with it.
            case VALUE_NULL -> NULL;
            default -> throw new IllegalArgumentException("the portal never sends " + parser.currentToken());
        };
    }
}
