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

/** Reads a JSON object in which exactly the given members must be present, all strings. */
final class JsonBody {

    static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_TEXT_LENGTH = 200;

    private static final JsonFactory JSON = new JsonFactory();

    private JsonBody() {}

    static Map<String, String> read(InputStream body, List<String> fields) throws IOException, BadRequestException {
        try (JsonParser json = JSON.createParser(text(body))) {
            Map<String, String> values = members(json, fields);
            if (json.nextToken() != null) {
                throw new BadRequestException("the body must be one JSON object and nothing after it");
            }
            return values;
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the body must be JSON");
        }
    }

    /** Decodes the body here: the parser would detect other encodings than UTF-8. */
    private static String text(InputStream body) throws IOException, BadRequestException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new BadRequestException("the body must not be larger than 16 KiB");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Some editors add a byte order mark.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body must be UTF-8");
        }
    }

    private static Map<String, String> members(JsonParser json, List<String> fields)
            throws IOException, BadRequestException {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw new BadRequestException("the body must not be empty: send one JSON object");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new BadRequestException("the body must be a JSON object");
        }
        Map<String, String> values = new HashMap<>();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (!fields.contains(field)) {
                throw new BadRequestException("the body must have no members but " + String.join(", ", fields));
            }
            if (values.put(field, value(json, field)) != null) {
                throw new BadRequestException(field + " must be given once");
            }
        }
        for (String field : fields) {
            if (!values.containsKey(field)) {
                throw new BadRequestException(field + " is required");
            }
        }
        return values;
    }

    private static String value(JsonParser json, String field) throws IOException, BadRequestException {
        if (json.nextToken() != JsonToken.VALUE_STRING) {
            throw new BadRequestException(field + " must be a string");
        }
        String text = json.getText();
        if (text.isBlank()
                || text.length() > MAX_TEXT_LENGTH
                || text.codePoints().anyMatch(JsonBody::unprintable)) {
            throw new BadRequestException(
                    field + " must have 1 to " + MAX_TEXT_LENGTH + " characters, and no control characters");
        }
        return text;
    }

    /** Control characters, and lone surrogates, which UTF-8 cannot encode. */
    private static boolean unprintable(int point) {
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
    }
}
