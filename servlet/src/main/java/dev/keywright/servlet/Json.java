package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.keywright.KeyId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes JSON in UTF-8, and has the response bodies that contain no key. */
final class Json {

    /**
     * Without recycling: a pooled buffer would keep the text of a key, and a shared symbol table would keep names that clients
     * choose.
     */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            // The body is bounded anyway, and the error for a number that is too long must name its field.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    @FunctionalInterface
    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static byte[] error(String message) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        });
    }

    static byte[] alreadyIssued(String message, KeyId id) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeStringField("id", id.value());
            json.writeEndObject();
        });
    }

    /** {@return the same JSON with all characters beyond ASCII escaped; JSON has them in strings only} */
    static String inAscii(byte[] json) {
        StringBuilder ascii = new StringBuilder();
        for (char c : new String(json, StandardCharsets.UTF_8).toCharArray()) {
            if (c < 0x80) {
                ascii.append(c);
            } else {
                ascii.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return ascii.toString();
    }

    static byte[] ok() {
        return bytes(json -> {
            json.writeStartObject();
            json.writeBooleanField("ok", true);
            json.writeEndObject();
        });
    }

    static byte[] revoked(long count) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("revoked", count);
            json.writeEndObject();
        });
    }

    static byte[] bytes(Content content) {
        // Jackson's UTF-8 generator escapes supplementary characters (before 2.18 always), and throws for a name with
        // a lone surrogate.
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
