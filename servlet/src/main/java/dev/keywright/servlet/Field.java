package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Named input of a request: a member of the body or a query parameter.
 *
 * @param <T> the type of the value
 * @param name the name
 * @param rule the constraint, phrased as the rest of a sentence that begins with the name
 * @param tokens the JSON tokens that are allowed for the value, or for each element of an array or object
 * @param shape the shape of the JSON value
 * @param parser converts the texts to the value; throws {@link IllegalArgumentException} or {@link ArithmeticException} if they
 *     violate the constraint
 */
record Field<T>(String name, String rule, Set<JsonToken> tokens, Shape shape, Function<List<String>, T> parser) {

    private static final Set<JsonToken> STRING = Set.of(JsonToken.VALUE_STRING);
    private static final Set<JsonToken> NUMBER = Set.of(JsonToken.VALUE_NUMBER_INT, JsonToken.VALUE_NUMBER_FLOAT);
    private static final Set<JsonToken> BOOLEAN = Set.of(JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE);

    /** Shapes of JSON values. */
    enum Shape {
        /** One value. */
        SINGLE,
        /** An array of values. */
        ARRAY,
        /** An object; the texts of the parser are its names and values in turn. */
        OBJECT
    }

    /** The JSON syntax (RFC 8259, section 6), in queries too: Java's parsers accept the digits of all scripts. */
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    static Field<String> text(String name) {
        return text(name, "must be a string", text -> text);
    }

    static <T> Field<T> text(String name, String rule, Function<String, T> parser) {
        return new Field<>(name, rule, STRING, Shape.SINGLE, texts -> parser.apply(texts.get(0)));
    }

    static Field<List<String>> texts(String name) {
        return new Field<>(name, "must be an array of strings", STRING, Shape.ARRAY, List::copyOf);
    }

    /** {@return a field for an object whose values are strings} */
    static Field<Map<String, String>> map(String name) {
        return new Field<>(
                name, "must be an object of strings that has each name once", STRING, Shape.OBJECT, Field::map);
    }

    private static Map<String, String> map(List<String> namesAndValues) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            if (map.put(namesAndValues.get(i), namesAndValues.get(i + 1)) != null) {
                throw new IllegalArgumentException();
            }
        }
        return map;
    }

    static Field<Boolean> flag(String name) {
        return new Field<>(
                name, "must be true or false", BOOLEAN, Shape.SINGLE, texts -> Boolean.valueOf(texts.get(0)));
    }

    /** {@return a field for a duration: a number of units, such as 1.5 hours, that amounts to whole milliseconds} */
    static Field<Duration> duration(String name, Duration unit) {
        BigDecimal millis = BigDecimal.valueOf(unit.toMillis());
        return number(
                name,
                "must be a number that amounts to whole milliseconds",
                number -> Duration.ofMillis(number.multiply(millis).longValueExact()));
    }

    static <T> Field<T> number(String name, String rule, Function<BigDecimal, T> parser) {
        return new Field<>(name, rule, NUMBER, Shape.SINGLE, texts -> parser.apply(number(texts.get(0))));
    }

    private static BigDecimal number(String text) {
        if (!JSON_NUMBER.matcher(text).matches()) {
            throw new NumberFormatException();
        }
        return new BigDecimal(text);
    }

    /** Reads the value at the current token; stops at the first error. */
    T read(JsonParser json) throws IOException {
        List<String> texts = new ArrayList<>();
        switch (shape) {
            case SINGLE -> texts.add(readText(json));
            case ARRAY -> {
                require(json.currentToken() == JsonToken.START_ARRAY);
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    texts.add(readText(json));
                }
            }
            case OBJECT -> {
                require(json.currentToken() == JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    texts.add(json.currentName());
                    json.nextToken();
                    texts.add(readText(json));
                }
            }
        }
        return parse(texts);
    }

    T parse(List<String> texts) {
        try {
            return parser.apply(texts);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadRequestException(name, rule);
        }
    }

    private String readText(JsonParser json) throws IOException {
        JsonToken actual = json.currentToken();
        require(actual != null && tokens.contains(actual));
        return json.getText();
    }

    private void require(boolean condition) {
        if (!condition) {
            throw new BadRequestException(name, rule);
        }
    }
}
