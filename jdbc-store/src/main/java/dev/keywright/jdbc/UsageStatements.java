package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Usage of keys, in a table with one row for each key, which is inserted and deleted with the key. Usage is recorded in three
 * steps:
 *
 * <ol>
 *   <li>Read which of the keys exist, and which scopes are recorded for them.
 *   <li>Add to the counts, and advance the times of last use. This locks the usage row of each key, always in the order of the
 *       ids, so that nodes that record the same keys cannot deadlock.
 *   <li>If a scope is not recorded yet, read the recorded scopes again, under the lock, and store the union.
 * </ol>
 *
 * <p>A missing or damaged usage row means that the usage of the key is unknown; the key stays readable. No verification depends on
 * usage, and it must not prevent a key from being listed and revoked.
 */
final class UsageStatements {

    private static final Logger LOG = LoggerFactory.getLogger(UsageStatements.class);

    /**
     * Maximum number of recorded scopes of a key. That many scopes of the maximum length fit the column; a key has at most a tenth
     * of them at one time. The oldest are dropped, so that usage can always be recorded.
     */
    private static final int MAX_SCOPES = 1000;

    private UsageStatements() {}

    /** Reads the key at the cursor, with its usage. */
    static StoredKey read(ResultSet row) throws SQLException {
        StoredKey stored = RowMapper.read(row);
        KeyUsage usage = usage(row, stored.key().id());
        return usage == null
                ? stored
                : stored.changed(
                        StoredValues.keyBuilder(stored.key()).usage(usage).build(), stored.changeRevision());
    }

    /** Adds to the usage of the keys that exist, whatever their state. */
    static void record(StatementRunner runner, List<UsageDelta> deltas) throws SQLException {
        SortedMap<String, UsageDelta> byId = new TreeMap<>();
        deltas.forEach(delta -> byId.put(delta.id().value(), delta));
        Map<String, Set<Scope>> recorded = recordedScopes(runner, byId);
        byId.keySet().retainAll(recorded.keySet());
        runner.updateEach(
                Sql.ADD_USAGE,
                byId.values().stream().map(UsageStatements::addition).toList());
        // Keys without a new scope are done.
        byId.values()
                .removeIf(delta -> recorded.getOrDefault(delta.id().value(), Set.of())
                        .containsAll(delta.usage().scopes()));
        addScopes(runner, byId);
    }

    /** Returns the recorded scopes of the keys that exist, by id. A key of another tenant does not count as existing. */
    private static Map<String, Set<Scope>> recordedScopes(StatementRunner runner, SortedMap<String, UsageDelta> byId)
            throws SQLException {
        Map<String, Set<Scope>> recorded = new HashMap<>();
        runner.queryAll(
                row -> {
                    String id = RowMapper.text(row.getBytes(1));
                    UsageDelta delta = byId.get(id);
                    if (delta != null
                            && Arrays.equals(
                                    row.getBytes(2),
                                    RowMapper.bytes(delta.tenant().value()))) {
                        recorded.put(id, readable(row.getString(3)));
                    }
                    return id;
                },
                Sql.FIND_USAGE,
                ids(byId));
        return recorded;
    }

    private static List<byte[]> ids(SortedMap<String, UsageDelta> byId) {
        return byId.keySet().stream().map(RowMapper::bytes).toList();
    }

    private static @Nullable Object[] addition(UsageDelta delta) {
        long lastUsedAt = delta.usage().lastUsedAt().toEpochMilli();
        return new @Nullable Object[] {delta.usage().count(), lastUsedAt, lastUsedAt, RowMapper.bytes(delta.id())};
    }

    private static void addScopes(StatementRunner runner, SortedMap<String, UsageDelta> byId) throws SQLException {
        List<@Nullable Object[]> unions = new ArrayList<>();
        runner.queryAll(
                row -> {
                    byte[] id = row.getBytes(1);
                    UsageDelta delta = byId.get(RowMapper.text(id));
                    if (delta != null) {
                        unions.add(new @Nullable Object[] {
                            union(readable(row.getString(2)), delta.usage().scopes()), id
                        });
                    }
                    return id;
                },
                Sql.FIND_USED_SCOPES,
                ids(byId));
        runner.updateEach(Sql.SET_USED_SCOPES, unions);
    }

    private static String union(Set<Scope> recorded, Set<Scope> used) {
        Set<Scope> all = new LinkedHashSet<>(recorded);
        // Scopes of this usage move to the end, so that they are dropped last.
        all.removeAll(used);
        all.addAll(used);
        return all.stream()
                .skip(Math.max(0, all.size() - MAX_SCOPES))
                .map(Scope::value)
                .collect(Collectors.joining(" "));
    }

    private static @Nullable KeyUsage usage(ResultSet row, KeyId id) throws SQLException {
        int column = Sql.Fragments.KEY_COLUMNS + 1;
        long lastUsedAt = row.getLong(column);
        boolean unused = row.wasNull();
        long count = row.getLong(column + 1);
        String scopes = row.getString(column + 2);
        if (unused && count == 0 && scopes == null) {
            return null;
        }
        try {
            if (unused) {
                throw new IllegalArgumentException("usage without a time of last use");
            }
            return new KeyUsage(Instant.ofEpochMilli(lastUsedAt), count, scopes(scopes));
        } catch (RuntimeException e) {
            LOG.warn("Damaged usage of the API key {} ignored", id);
            return null;
        }
    }

    /** Parses recorded scopes. Returns an empty set if they are damaged, so that they are recorded again. */
    private static Set<Scope> readable(@Nullable String text) {
        try {
            return scopes(text);
        } catch (RuntimeException e) {
            return Set.of();
        }
    }

    private static Set<Scope> scopes(@Nullable String text) {
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(" ", -1))
                        .map(Scope::stored)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
