package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How JSON is read and written here, in UTF-8, and the bodies of answers that have no key in them. */
final class Json {

    /**
     * Recycles nothing: a buffer that went back to a pool would keep the text of a key, and a table of names those that
     * strangers have made up.
     */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            // The body has its bound already; a number that is too long is to be refused by the name of its field.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    @FunctionalInterface
    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static byte[] error(String sentence) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", sentence);
            json.writeEndObject();
        });
    }

    /** {@return the same JSON, with an escape for each character beyond ASCII} They stand in strings alone. */
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
        // Not to bytes: Jackson's UTF-8 generator escapes supplementary characters (before 2.18 always), and throws
        // where a
        // stored name has a lone surrogate.
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail like this", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
