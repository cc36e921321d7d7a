package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps keys to rows and back. Rejects a row whose structure this library does not write: it was edited, and a guess at the intention
 * could accept a key that should be rejected.
 *
 * <p>The rules for new text (length, visible characters) do not apply here: they may change between releases, and with the Unicode
 * version of the JDK, and a key must stay readable.
 */
final class RowMapper {

    /** Before the prefix of an import format. The prefix of an issued key has no colon. */
    private static final String IMPORT = "import:";

    private RowMapper() {}

    /** Reads the result of a lookup: the key at the cursor, if any, and the revision at the given position. */
    static LookupSnapshot lookup(ResultSet row, StatementRunner.RowReader<StoredKey> reader, int revision)
            throws SQLException {
        return LookupSnapshot.of(
                row.getBytes(1) == null ? Optional.empty() : Optional.of(reader.read(row)), row.getLong(revision));
    }

    /** Reads the key at the cursor, from columns in the order of {@link Sql}. */
    static StoredKey read(ResultSet row) throws SQLException {
        try {
            ApiKey key = StoredValues.keyBuilder()
                    .id(KeyId.stored(text(row.getBytes(1))))
                    .tenant(TenantId.stored(text(row.getBytes(2))))
                    .name(KeyName.stored(row.getString(5)))
                    .hint(row.getString(6))
                    .scopes(scopes(row.getString(7)))
                    .createdAt(Instant.ofEpochMilli(row.getLong(8)))
                    .createdBy(StoredValues.actor(Actor.Kind.valueOf(row.getString(9)), text(row.getBytes(10))))
                    .expiresAt(instant(row, 11))
                    .lifetime(lifetime(row))
                    .revocation(recorded(row, 12, Revocation::new))
                    .version(version(row))
                    .predecessor(id(row.getBytes(19)))
                    .successor(id(row.getBytes(20)))
                    .environment(environment(row.getString(23)))
                    .owner(owner(row))
                    .description(row.getString(26))
                    .attributes(attributes(row.getString(27)))
                    .suspension(recorded(row, 29, Suspension::new))
                    .build();
            DigestOrigin origin = origin(row.getBytes(4), row.getBytes(21));
            byte[] request = row.getBytes(28);
            StoredKey stored = StoredKey.unsaved(key, Digest.of(row.getBytes(3)), origin.pepper(), origin.prefix())
                    .issuedFor(request == null ? null : Digest.of(request))
                    .revised(row.getLong(16), row.getLong(17));
            return origin.imported() ? stored.imported(origin.prefix()) : stored;
        } catch (RuntimeException e) {
            // Without the cause, which may quote the row.
            throw new StoreUnavailableException(
                    "the stored API key " + readableId(row)
                            + " is damaged and cannot be read: repair or delete its row in the table of keys"
                            + " (keywright_key by default)",
                    null);
        }
    }

    /** Returns the values of {@link Sql#INSERT_KEY}. */
    static @Nullable Object[] write(StoredKey stored) {
        ApiKey key = stored.key();
        Optional<Revocation> revocation = key.revocation();
        Optional<Suspension> suspension = key.suspension();
        return new @Nullable Object[] {
            bytes(key.id()),
            bytes(key.tenant().value()),
            stored.digest().bytes(),
            bytes(stored.pepper().value()),
            key.name().value(),
            key.hint(),
            key.scopes().toString(),
            key.createdAt().toEpochMilli(),
            key.createdBy().kind().name(),
            bytes(key.createdBy().name()),
            key.expiresAt().map(Instant::toEpochMilli).orElse(null),
            revocation.map(r -> r.at().toEpochMilli()).orElse(null),
            revocation.map(r -> r.by().kind().name()).orElse(null),
            revocation.map(r -> r.by().name()).orElse(null),
            revocation.map(r -> reason(r.reason())).orElse(null),
            stored.insertRevision(),
            stored.changeRevision(),
            key.version(),
            key.predecessor().map(RowMapper::bytes).orElse(null),
            key.successor().map(RowMapper::bytes).orElse(null),
            bytes(stored.isImported() ? IMPORT + stored.prefix() : stored.prefix()),
            key.lifetime().map(Duration::toMillis).orElse(null),
            key.environment().orElse(null),
            key.owner().map(owner -> owner.kind().name()).orElse(null),
            key.owner().map(owner -> bytes(owner.name())).orElse(null),
            key.description().orElse(null),
            lines(key.attributes()),
            stored.issueRequest().map(Digest::bytes).orElse(null),
            suspension.map(s -> s.at().toEpochMilli()).orElse(null),
            suspension.map(s -> s.by().kind().name()).orElse(null),
            suspension.map(s -> s.by().name()).orElse(null),
            suspension.map(s -> reason(s.reason())).orElse(null),
            inactiveAt(key),
            bytes(key.name().folded())
        };
    }

    /** Returns the values of {@link Sql#CHANGE_KEY}: a change at a revision, if the key is active at an instant. */
    static @Nullable Object[] change(ApiKey key, long revision, Instant now) {
        Optional<Revocation> revocation = key.revocation();
        return new @Nullable Object[] {
            key.name().value(),
            bytes(key.name().folded()),
            key.scopes().toString(),
            key.owner().map(owner -> owner.kind().name()).orElse(null),
            key.owner().map(owner -> bytes(owner.name())).orElse(null),
            key.description().orElse(null),
            lines(key.attributes()),
            key.expiresAt().map(Instant::toEpochMilli).orElse(null),
            key.successor().map(RowMapper::bytes).orElse(null),
            revocation.map(r -> r.at().toEpochMilli()).orElse(null),
            revocation.map(r -> r.by().kind().name()).orElse(null),
            revocation.map(r -> r.by().name()).orElse(null),
            revocation.map(r -> reason(r.reason())).orElse(null),
            inactiveAt(key),
            revision,
            bytes(key.tenant().value()),
            bytes(key.id()),
            key.version(),
            now.toEpochMilli()
        };
    }

    /** Returns the values of {@link Sql#REVOKE_KEY}. */
    static @Nullable Object[] revoke(Revocation revocation, long revision, TenantId tenant, KeyId id) {
        return Stream.concat(Arrays.stream(revoke(revocation)), Stream.of(revision, bytes(tenant.value()), bytes(id)))
                .toArray();
    }

    /** Returns the values of {@link Sql#SUSPEND_KEY}. */
    static @Nullable Object[] suspend(Suspension suspension, long revision, TenantId tenant, KeyId id, Instant now) {
        Actor by = suspension.by();
        return new @Nullable Object[] {
            suspension.at().toEpochMilli(),
            by.kind().name(),
            by.name(),
            reason(suspension.reason()),
            revision,
            bytes(tenant.value()),
            bytes(id),
            now.toEpochMilli()
        };
    }

    /** Returns the values of a revocation in {@link Sql#REVOKE_KEY} and {@link Sql#REVOKE_KEYS}. */
    static @Nullable Object[] revoke(Revocation revocation) {
        long at = revocation.at().toEpochMilli();
        Actor by = revocation.by();
        return new @Nullable Object[] {at, by.kind().name(), by.name(), reason(revocation.reason()), at, at};
    }

    /** Returns the earlier of the revocation and the expiry of a key; null if it has neither. */
    private static @Nullable Long inactiveAt(ApiKey key) {
        return Stream.of(key.expiresAt(), key.revocation().map(Revocation::at))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(Instant::toEpochMilli)
                .orElse(null);
    }

    /** Returns the reason, or null if it is empty: some databases, and modes of H2, store an empty text as NULL. */
    static @Nullable String reason(String reason) {
        return reason.isEmpty() ? null : reason;
    }

    /** Returns a line for each attribute, since a value has no line breaks; null if there is none. */
    private static @Nullable String lines(KeyAttributes attributes) {
        return attributes.isEmpty()
                ? null
                : attributes.asMap().entrySet().stream()
                        .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                        .collect(Collectors.joining("\n"));
    }

    private static KeyAttributes attributes(@Nullable String lines) {
        if (lines == null) {
            return KeyAttributes.NONE;
        }
        Map<String, String> attributes = new HashMap<>();
        for (String line : lines.split("\n", -1)) {
            int end = line.indexOf('=');
            if (end < 1 || attributes.put(line.substring(0, end), line.substring(end + 1)) != null) {
                throw new IllegalArgumentException("no attributes");
            }
        }
        return KeyAttributes.stored(attributes);
    }

    private static @Nullable String environment(@Nullable String text) {
        if (text != null && text.isEmpty()) {
            throw new IllegalArgumentException("empty environment");
        }
        return text;
    }

    private static @Nullable KeyOwner owner(ResultSet row) throws SQLException {
        String kind = row.getString(24);
        byte[] name = row.getBytes(25);
        if (kind == null && name == null) {
            return null;
        }
        if (kind == null || name == null) {
            throw new IllegalArgumentException("incomplete owner");
        }
        return KeyOwner.stored(KeyOwner.Kind.valueOf(kind), text(name));
    }

    /**
     * Reads the origin of a digest from its columns.
     *
     * @throws IllegalArgumentException if a column is damaged
     */
    static DigestOrigin origin(byte[] pepper, byte[] format) {
        String text = text(format);
        boolean imported = text.startsWith(IMPORT);
        String prefix = imported ? text.substring(IMPORT.length()) : text;
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("no prefix");
        }
        return new DigestOrigin(new PepperId(text(pepper)), prefix, imported);
    }

    static byte[] bytes(KeyId id) {
        return bytes(id.value());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(bytes, bytes(text))) {
            throw new IllegalArgumentException("not UTF-8");
        }
        return text;
    }

    private static Scopes scopes(String text) {
        return Scopes.stored(
                Arrays.stream(text.split(" ", -1)).map(Scope::stored).toList());
    }

    private static @Nullable KeyId id(byte @Nullable [] bytes) {
        return bytes == null ? null : KeyId.stored(text(bytes));
    }

    private static long version(ResultSet row) throws SQLException {
        long version = row.getLong(18);
        if (version < 1) {
            throw new IllegalArgumentException("version below 1");
        }
        return version;
    }

    /** A revocation or a suspension. */
    @FunctionalInterface
    private interface Recorded<T> {
        T of(Instant at, Actor by, String reason);
    }

    /** Reads time, actor and reason from four columns; null if all are null. */
    private static <T> @Nullable T recorded(ResultSet row, int first, Recorded<T> recorded) throws SQLException {
        Instant at = instant(row, first);
        String reason = row.getString(first + 3);
        if (at != null) {
            return recorded.of(at, actor(row, first + 1), reason == null ? "" : reason);
        }
        if (reason != null || row.getString(first + 1) != null || row.getString(first + 2) != null) {
            throw new IllegalArgumentException("incomplete");
        }
        return null;
    }

    private static Actor actor(ResultSet row, int column) throws SQLException {
        return StoredValues.actor(Actor.Kind.valueOf(row.getString(column)), row.getString(column + 1));
    }

    private static @Nullable Duration lifetime(ResultSet row) throws SQLException {
        long millis = row.getLong(22);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static String readableId(ResultSet row) throws SQLException {
        try {
            return KeyId.stored(text(Objects.requireNonNull(row.getBytes(1)))).value();
        } catch (RuntimeException e) {
            return "(with an unreadable id)";
        }
    }
}
