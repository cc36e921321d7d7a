package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.keywright.ApiKey;
import dev.keywright.IssuedKey;
import dev.keywright.Scope;
import dev.keywright.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of answers, in UTF-8, member by member as the contract has them. */
final class Json {

    /**
     * Recycles nothing: a buffer that went back to a pool would keep the text of a key, and a table of names those that
     * strangers have made up.
     */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private Json() {}

    @FunctionalInterface
    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static byte[] error(String sentence) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", sentence);
            json.writeEndObject();
        });
    }

    static byte[] ok() {
        return bytes(json -> {
            json.writeStartObject();
            json.writeBooleanField("ok", true);
            json.writeEndObject();
        });
    }

    static byte[] keys(List<ApiKey> keys) {
        return bytes(json -> {
            json.writeStartArray();
            for (ApiKey key : keys) {
                write(json, key, null);
            }
            json.writeEndArray();
        });
    }

    static byte[] issued(IssuedKey issued) {
        return bytes(json -> write(json, issued.key(), issued.secret()));
    }

    private static void write(JsonGenerator json, ApiKey key, @Nullable Secret secret) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", key.id().value());
        json.writeStringField("name", key.name().value());
        if (secret != null) {
            json.writeStringField("key", secret.reveal());
        }
        json.writeStringField("hint", key.hint());
        json.writeArrayFieldStart("scopes");
        for (Scope scope : key.scopes()) {
            json.writeString(scope.value());
        }
        json.writeEndArray();
        json.writeNumberField("created_at", key.createdAt().toEpochMilli());
        if (key.endsAt().isPresent()) {
            json.writeNumberField("expires_at", key.endsAt().get().toEpochMilli());
        }
        json.writeEndObject();
    }

    private static byte[] bytes(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail like this", e);
        }
        return bytes.toByteArray();
    }
}
