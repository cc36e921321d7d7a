package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.Suspension;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.UnusedScopes;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys as JSON. The plain form has the five required members, and optional ones if they have a value. The full form adds
 * the members for managers.
 */
final class KeyJson {

    private KeyJson() {}

    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator json, ApiKey key) throws IOException;
    }

    static byte[] plain(List<ApiKey> keys) {
        return list(keys, (json, key) -> writePlain(json, key, null));
    }

    static byte[] full(List<ApiKey> keys) {
        return list(keys, KeyJson::writeFull);
    }

    static byte[] full(ApiKey key) {
        return Json.bytes(json -> object(json, key, KeyJson::writeFull));
    }

    static byte[] issued(IssuedKey issued) {
        return Json.bytes(
                json -> object(json, issued.key(), (generator, key) -> writePlain(generator, key, issued.secret())));
    }

    /** {@return the successor, with the expiry of the predecessor unless the predecessor is revoked} */
    static byte[] rotated(Rotation rotation) {
        ApiKey old = rotation.predecessor();
        Optional<Instant> expiry = old.revocation().isPresent() ? Optional.empty() : old.expiresAt();
        return Json.bytes(json -> object(json, rotation.successor().key(), (generator, key) -> {
            writePlain(generator, key, rotation.successor().secret());
            time(generator, "predecessor_expires_at", expiry);
        }));
    }

    static byte[] progress(RotationProgress progress) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeFieldName("predecessor");
            object(json, progress.predecessor(), KeyJson::writeFull);
            json.writeFieldName("successor");
            object(json, progress.successor(), KeyJson::writeFull);
            json.writeBooleanField("safe_to_end", progress.safeToComplete());
            json.writeStringField("sentence", sentence(progress));
            json.writeEndObject();
        });
    }

    /** {@return a summary for a person; times are ISO 8601 in UTC} */
    private static String sentence(RotationProgress progress) {
        ApiKey old = progress.predecessor();
        if (old.revocation().isPresent()) {
            return "the old key was revoked at " + old.revocation().get().at() + " and no longer works";
        }
        return "the old key " + usage(old)
                + old.expiresAt().map(expiry -> " and expires at " + expiry).orElse("")
                + "; the new key " + usage(progress.successor()) + "; it is "
                + (progress.safeToComplete() ? "" : "not yet ") + "safe to end the old key now";
    }

    private static String usage(ApiKey key) {
        return key.usage()
                .map(usage -> "was last used at " + usage.lastUsedAt())
                .orElse("was never used");
    }

    static byte[] unusedScopes(List<UnusedScopes> reports) {
        return Json.bytes(json -> {
            json.writeStartArray();
            for (UnusedScopes report : reports) {
                json.writeStartObject();
                json.writeFieldName("key");
                object(json, report.key(), KeyJson::writeFull);
                scopes(json, "unused", report.unused());
                if (report.enough().isPresent()) {
                    scopes(json, "enough", report.enough().get());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static byte[] list(List<ApiKey> keys, Members members) {
        return Json.bytes(json -> {
            json.writeStartArray();
            for (ApiKey key : keys) {
                object(json, key, members);
            }
            json.writeEndArray();
        });
    }

    private static void object(JsonGenerator json, ApiKey key, Members members) throws IOException {
        json.writeStartObject();
        members.write(json, key);
        json.writeEndObject();
    }

    private static void writePlain(JsonGenerator json, ApiKey key, @Nullable Secret secret) throws IOException {
        json.writeStringField("id", key.id().value());
        json.writeStringField("name", key.name().value());
        if (secret != null) {
            json.writeStringField("key", secret.reveal());
        }
        json.writeStringField("hint", key.hint());
        scopes(json, "scopes", key.scopes());
        json.writeNumberField("created_at", key.createdAt().toEpochMilli());
        time(json, "expires_at", key.expiresAt());
        time(json, "last_used_at", key.usage().map(KeyUsage::lastUsedAt));
        text(json, "predecessor", key.predecessor());
        text(json, "successor", key.successor());
        text(json, "environment", key.environment());
        text(json, "owner", key.owner());
        text(json, "description", key.description());
        attributes(json, key.attributes());
        time(json, "suspended_at", key.suspension().map(Suspension::at));
    }

    private static void writeFull(JsonGenerator json, ApiKey key) throws IOException {
        writePlain(json, key, null);
        json.writeNumberField("version", key.version());
        json.writeStringField("created_by", key.createdBy().toString());
        if (key.usage().isPresent()) {
            KeyUsage usage = key.usage().get();
            json.writeNumberField("use_count", usage.count());
            // Sorted, since a set has no stable order.
            List<Scope> used = usage.scopes().stream()
                    .sorted(Comparator.comparing(Scope::value))
                    .toList();
            if (!used.isEmpty()) {
                scopes(json, "used_scopes", used);
            }
        }
        if (key.suspension().isPresent()) {
            Suspension suspension = key.suspension().get();
            json.writeStringField("suspended_by", suspension.by().toString());
            text(json, "suspension_reason", Optional.of(suspension.reason()).filter(reason -> !reason.isEmpty()));
        }
        if (key.revocation().isPresent()) {
            Revocation revocation = key.revocation().get();
            json.writeNumberField("revoked_at", revocation.at().toEpochMilli());
            json.writeStringField("revoked_by", revocation.by().toString());
            text(json, "revocation_reason", Optional.of(revocation.reason()).filter(reason -> !reason.isEmpty()));
        }
    }

    private static void scopes(JsonGenerator json, String name, Iterable<Scope> scopes) throws IOException {
        json.writeArrayFieldStart(name);
        for (Scope scope : scopes) {
            json.writeString(scope.value());
        }
        json.writeEndArray();
    }

    private static void attributes(JsonGenerator json, KeyAttributes attributes) throws IOException {
        if (!attributes.isEmpty()) {
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> attribute : attributes.asMap().entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void time(JsonGenerator json, String name, Optional<Instant> at) throws IOException {
        if (at.isPresent()) {
            json.writeNumberField(name, at.get().toEpochMilli());
        }
    }

    private static void text(JsonGenerator json, String name, Optional<?> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get().toString());
        }
    }
}
