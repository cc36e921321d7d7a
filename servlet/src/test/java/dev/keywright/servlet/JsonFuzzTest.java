package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Fuzzes the JSON parser: accepted input round-trips, and the message of a rejection does not repeat the input. */
@Tag("fuzz")
class JsonFuzzTest {

    private static final Field<String> NAME = Field.text("name");
    private static final Field<List<String>> SCOPES = Field.texts("scopes");
    private static final Field<BigDecimal> COUNT = Field.number("count", "must be a number", number -> number);
    private static final Field<Long> VERSION =
            Field.number("version", "must be a whole number", BigDecimal::longValueExact);
    private static final Field<?>[] KNOWN = {NAME, SCOPES, COUNT, VERSION};
    private static final List<String> RULES = List.of(
            "must not be empty: send one JSON object, with Content-Type: application/json",
            "must be valid JSON",
            "must be a JSON object",
            "must have nothing after its JSON object",
            "must be given once",
            "must not be null: leave it out instead",
            "must have no members but name, scopes, count and version",
            "must be a string",
            "must be an array of strings",
            "must be a number",
            "must be a whole number");

    @FuzzTest(maxDuration = "5m")
    void bodyIsParsedUnambiguouslyOrRejected(byte[] data) {
        String body;
        try {
            body = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return;
        }
        RequestInput input;
        try {
            input = RequestInput.ofBody(body, KNOWN);
            for (Field<?> field : KNOWN) {
                input.find(field);
            }
        } catch (BadRequestException e) {
            assertThat(e.sentence()).matches("(the body|name|scopes|count|version) (" + String.join("|", RULES) + ")");
            return;
        }
        assertThat(body.strip()).startsWith("{").endsWith("}");
        String serialized = serialize(input);
        RequestInput parsedAgain = RequestInput.ofBody(serialized, KNOWN);
        assertThat(parsedAgain.find(NAME))
                .as(serialized)
                .isEqualTo(input.find(NAME).map(JsonFuzzTest::encodable));
        assertThat(parsedAgain.find(SCOPES))
                .as(serialized)
                .isEqualTo(input.find(SCOPES)
                        .map(scopes ->
                                scopes.stream().map(JsonFuzzTest::encodable).toList()));
        assertThat(parsedAgain.find(COUNT)).as(serialized).isEqualTo(input.find(COUNT));
        assertThat(parsedAgain.find(VERSION)).as(serialized).isEqualTo(input.find(VERSION));
    }

    /** {@return the text with a question mark for each lone surrogate, which JSON can escape and UTF-8 cannot encode} */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String serialize(RequestInput input) {
        return new String(
                Json.bytes(json -> {
                    json.writeStartObject();
                    if (input.find(NAME).isPresent()) {
                        json.writeStringField("name", input.find(NAME).get());
                    }
                    if (input.find(SCOPES).isPresent()) {
                        json.writeArrayFieldStart("scopes");
                        for (String scope : input.find(SCOPES).get()) {
                            json.writeString(scope);
                        }
                        json.writeEndArray();
                    }
                    if (input.find(COUNT).isPresent()) {
                        json.writeFieldName("count");
                        json.writeNumber(input.find(COUNT).get());
                    }
                    if (input.find(VERSION).isPresent()) {
                        json.writeNumberField("version", input.find(VERSION).get());
                    }
                    json.writeEndObject();
                }),
                StandardCharsets.UTF_8);
    }
}
