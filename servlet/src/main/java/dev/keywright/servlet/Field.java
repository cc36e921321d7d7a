package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Something that clients may send under a name, as a member of a body or as a parameter of a query.
 *
 * @param <T> what becomes of it
 * @param name the name
 * @param rule what it must be, as the end of a sentence that begins with the name
 * @param token what it must be in JSON, or each element where there are many
 * @param many whether it is an array
 * @param reading makes the value of its texts, and throws an {@link IllegalArgumentException} or {@link
 *     ArithmeticException} where they break the rule
 */
record Field<T>(String name, String rule, Set<JsonToken> token, boolean many, Function<List<String>, T> reading) {

    private static final Set<JsonToken> STRING = Set.of(JsonToken.VALUE_STRING);
    private static final Set<JsonToken> NUMBER = Set.of(JsonToken.VALUE_NUMBER_INT, JsonToken.VALUE_NUMBER_FLOAT);

    /** As JSON writes them (RFC 8259, section 6), in queries too: Java's own parsers take the digits of all scripts. */
    private static final Pattern WRITTEN_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    static Field<String> text(String name) {
        return text(name, "must be a string", text -> text);
    }

    static <T> Field<T> text(String name, String rule, Function<String, T> reading) {
        return new Field<>(name, rule, STRING, false, texts -> reading.apply(texts.get(0)));
    }

    static Field<List<String>> texts(String name) {
        return new Field<>(name, "must be an array of strings", STRING, true, List::copyOf);
    }

    /** A time span: any number of units that comes out in whole milliseconds. */
    static Field<Duration> span(String name, Duration unit) {
        BigDecimal millis = BigDecimal.valueOf(unit.toMillis());
        return number(
                name,
                "must be a number, to the millisecond",
                number -> Duration.ofMillis(number.multiply(millis).longValueExact()));
    }

    static <T> Field<T> number(String name, String rule, Function<BigDecimal, T> reading) {
        return new Field<>(name, rule, NUMBER, false, texts -> reading.apply(number(texts.get(0))));
    }

    private static BigDecimal number(String text) {
        if (!WRITTEN_NUMBER.matcher(text).matches()) {
            throw new NumberFormatException();
        }
        return new BigDecimal(text);
    }

    /** Reads the value of a member, at which the parser stands; and no further than to what is wrong. */
    T in(JsonParser json) throws IOException {
        List<String> texts = new ArrayList<>();
        if (many) {
            require(json.currentToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                texts.add(textIn(json));
            }
        } else {
            texts.add(textIn(json));
        }
        return of(texts);
    }

    T of(List<String> texts) {
        try {
            return reading.apply(texts);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadRequestException(name, rule);
        }
    }

    private String textIn(JsonParser json) throws IOException {
        JsonToken actual = json.currentToken();
        require(actual != null && token.contains(actual));
        return json.getText();
    }

    private void require(boolean kept) {
        if (!kept) {
            throw new BadRequestException(name, rule);
        }
    }
}
