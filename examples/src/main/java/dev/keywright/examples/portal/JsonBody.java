package dev.keywright.examples.portal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an object whose members are all texts, all known, and all there. */
final class JsonBody {

    static final int LARGEST = 16 * 1024;
    private static final int LONGEST_TEXT = 200;

    private static final JsonFactory JSON = new JsonFactory();

    private JsonBody() {}

    static Map<String, String> read(InputStream body, List<String> fields) throws IOException, BadRequest {
        try (JsonParser json = JSON.createParser(text(body))) {
            Map<String, String> values = members(json, fields);
            if (json.nextToken() != null) {
                throw new BadRequest("the body must be one JSON object and nothing after it");
            }
            return values;
        } catch (JsonProcessingException e) {
            throw new BadRequest("the body must be JSON");
        }
    }

    /** The whole body, decoded here: the parser would guess at other encodings than UTF-8. */
    private static String text(InputStream body) throws IOException, BadRequest {
        byte[] bytes = body.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new BadRequest("the body must not be larger than 16 KiB");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Some editors put a byte order mark before it.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadRequest("the body must be UTF-8");
        }
    }

    private static Map<String, String> members(JsonParser json, List<String> fields) throws IOException, BadRequest {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw new BadRequest("the body must not be empty: send one JSON object");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new BadRequest("the body must be a JSON object");
        }
        Map<String, String> values = new HashMap<>();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (!fields.contains(field)) {
                throw new BadRequest("the body must have no members but " + String.join(", ", fields));
            }
            if (values.put(field, value(json, field)) != null) {
                throw new BadRequest(field + " must be given once");
            }
        }
        for (String field : fields) {
            if (!values.containsKey(field)) {
                throw new BadRequest(field + " is required");
            }
        }
        return values;
    }

    private static String value(JsonParser json, String field) throws IOException, BadRequest {
        if (json.nextToken() != JsonToken.VALUE_STRING) {
            throw new BadRequest(field + " must be a string");
        }
        String text = json.getText();
        if (text.isBlank() || text.length() > LONGEST_TEXT || text.codePoints().anyMatch(JsonBody::unprintable)) {
            throw new BadRequest(field + " must have 1 to " + LONGEST_TEXT + " characters, and no control characters");
        }
        return text;
    }

    /** Control characters, and halves of characters, which UTF-8 cannot carry back. */
    private static boolean unprintable(int point) {
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
    }
}
