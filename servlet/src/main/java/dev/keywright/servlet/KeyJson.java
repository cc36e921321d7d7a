package dev.keywright.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.UnusedScopes;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys as JSON, member by member as the contract has them. Plain, a key has five members, and those of four others that have
 * a value. In full it has all that is known of it; each again only where it has a value.
 */
final class KeyJson {

    private KeyJson() {}

    /** How one key is written. */
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
        return Json.bytes(json -> object(json, issued.key(), (same, key) -> writePlain(same, key, issued.secret())));
    }

    /** {@return the new key, with the time until which the old one works too; without it where that is revoked already} */
    static byte[] rotated(Rotation rotation) {
        ApiKey old = rotation.predecessor();
        Optional<Instant> end = old.revocation().isPresent() ? Optional.empty() : old.expiresAt();
        return Json.bytes(json -> object(json, rotation.successor().key(), (same, key) -> {
            writePlain(same, key, rotation.successor().secret());
            time(same, "predecessor_expires_at", end);
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

    /** What is told to a person; times are in UTC, as ISO 8601 writes them. */
    private static String sentence(RotationProgress progress) {
        ApiKey old = progress.predecessor();
        if (old.revocation().isPresent()) {
            return "the old key was revoked at " + old.revocation().get().at() + " and no longer works";
        }
        return "the old key " + use(old)
                + old.expiresAt().map(end -> " and ends by itself at " + end).orElse("")
                + "; the new key " + use(progress.successor()) + "; it is "
                + (progress.safeToComplete() ? "" : "not yet ") + "safe to end the old key now";
    }

    private static String use(ApiKey key) {
        return key.usage()
                .map(usage -> "was last used at " + usage.lastUsedAt())
                .orElse("was never used");
    }

    static byte[] unusedScopes(List<UnusedScopes> found) {
        return Json.bytes(json -> {
            json.writeStartArray();
            for (UnusedScopes one : found) {
                json.writeStartObject();
                json.writeFieldName("key");
                object(json, one.key(), KeyJson::writeFull);
                scopes(json, "unused", one.unused());
                if (one.enough().isPresent()) {
                    scopes(json, "enough", one.enough().get());
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
    }

    private static void writeFull(JsonGenerator json, ApiKey key) throws IOException {
        writePlain(json, key, null);
        json.writeNumberField("version", key.version());
        json.writeStringField("created_by", key.createdBy().toString());
        if (key.usage().isPresent()) {
            KeyUsage usage = key.usage().get();
            json.writeNumberField("use_count", usage.count());
            // As a set they have no order; this one does not change from one answer to the next.
            List<Scope> used = usage.scopes().stream()
                    .sorted(Comparator.comparing(Scope::value))
                    .toList();
            if (!used.isEmpty()) {
                scopes(json, "used_scopes", used);
            }
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
