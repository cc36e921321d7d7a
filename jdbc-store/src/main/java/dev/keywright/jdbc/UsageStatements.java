package dev.keywright.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the use of keys, in a row beside each key's, which comes and goes with it. Uses are recorded like this:
 *
 * <ol>
 *   <li>Look which of the keys are there, and which scopes are known of them.
 *   <li>Add to the counts, and move the last uses forward. The row of each key is locked by this, always in the order of the
 *       ids: so nodes that record the same keys wait for each other, and never in a circle.
 *   <li>Where there is a scope that was not known, read what is known now, under the lock, and write both.
 * </ol>
 *
 * <p>A key without such a row, or with one that somebody damaged, is a key of whose use nothing is known, and not one that
 * cannot be read: no verification goes by it, and a key must not be kept from being listed and revoked for its sake.
 */
final class UsageStatements {

    private static final Logger LOG = LoggerFactory.getLogger(UsageStatements.class);

    /**
     * As many as the column holds, at their longest: ten times what a key can have at once. Of a key whose scopes were changed
     * so often that it has used more, those are forgotten that became known first, so that it can always be recorded.
     */
    private static final int MOST_SCOPES = 1000;

    private UsageStatements() {}

    /** Reads the key at the cursor, with its use. */
    static StoredKey read(ResultSet row) throws SQLException {
        StoredKey stored = RowMapper.read(row);
        KeyUsage usage = usage(row, stored.key().id());
        return usage == null
                ? stored
                : stored.changed(
                        StoredValues.keyBuilder(stored.key()).usage(usage).build(), stored.changeRevision());
    }

    /** Adds to what is known of the use of those keys that are there, in whatever state they are. */
    static void record(BorrowedConnection loan, List<UsageDelta> uses) throws SQLException {
        SortedMap<String, UsageDelta> byId = new TreeMap<>();
        uses.forEach(use -> byId.put(use.id().value(), use));
        Map<String, Set<Scope>> known = knownScopes(loan, byId);
        byId.keySet().retainAll(known.keySet());
        loan.updateEach(
                Sql.ADD_USE, byId.values().stream().map(UsageStatements::added).toList());
        byId.values()
                .removeIf(use -> known.getOrDefault(use.id().value(), Set.of())
                        .containsAll(use.usage().scopes()));
        addScopes(loan, byId);
    }

    /**
     * Takes keys that end soon. Whoever else takes some of them meanwhile has them, and is waited for; then there may be
     * others to take. A row that somebody damaged is taken too, and told in the log alone: it must not keep the others, of
     * whatever tenants, from being told.
     */
    static List<StoredKey> takeEnding(BorrowedConnection loan, Instant now, Instant until, int limit)
            throws SQLException {
        List<StoredKey> taken = new ArrayList<>();
        boolean more = true;
        while (more) {
            int wanted = limit - taken.size();
            List<Ending> ending =
                    loan.query(UsageStatements::ending, Sql.ENDING, now.toEpochMilli(), until.toEpochMilli(), wanted);
            // In the order in which uses are recorded, so that the two do not wait for each other in a circle.
            ending.sort(Comparator.comparing(Ending::id));
            for (Ending key : ending) {
                if (loan.update(Sql.TAKE_ENDING, now.toEpochMilli(), key.id().getBytes(ISO_8859_1)) > 0) {
                    key.row().ifPresent(taken::add);
                }
            }
            more = ending.size() == wanted && taken.size() < limit;
        }
        return taken;
    }

    /** A key that ends soon: its id, byte for character, since it may be damaged; and all of it where that can be read. */
    private record Ending(String id, Optional<StoredKey> row) {}

    private static Ending ending(ResultSet row) throws SQLException {
        String id = new String(row.getBytes(1), ISO_8859_1);
        try {
            return new Ending(id, Optional.of(read(row)));
        } catch (StoreUnavailableException damaged) {
            LOG.warn("It ends soon, and nobody is told of it: {}", damaged.getMessage());
            return new Ending(id, Optional.empty());
        }
    }

    /** The scopes that are known of these keys, by their ids; a key of another tenant is not there. */
    private static Map<String, Set<Scope>> knownScopes(BorrowedConnection loan, SortedMap<String, UsageDelta> byId)
            throws SQLException {
        Map<String, Set<Scope>> known = new HashMap<>();
        loan.queryAll(
                row -> {
                    String id = RowMapper.text(row.getBytes(1));
                    UsageDelta use = byId.get(id);
                    if (use != null
                            && Arrays.equals(
                                    row.getBytes(2),
                                    RowMapper.bytes(use.tenant().value()))) {
                        known.put(id, readable(row.getString(3)));
                    }
                    return id;
                },
                Sql.FIND_USES,
                ids(byId));
        return known;
    }

    private static List<byte[]> ids(SortedMap<String, UsageDelta> byId) {
        return byId.keySet().stream().map(RowMapper::bytes).toList();
    }

    private static @Nullable Object[] added(UsageDelta use) {
        long lastUsedAt = use.usage().lastUsedAt().toEpochMilli();
        return new @Nullable Object[] {use.usage().count(), lastUsedAt, lastUsedAt, RowMapper.bytes(use.id())};
    }

    private static void addScopes(BorrowedConnection loan, SortedMap<String, UsageDelta> byId) throws SQLException {
        List<@Nullable Object[]> united = new ArrayList<>();
        loan.queryAll(
                row -> {
                    byte[] id = row.getBytes(1);
                    UsageDelta use = byId.get(RowMapper.text(id));
                    if (use != null) {
                        united.add(new @Nullable Object[] {
                            united(readable(row.getString(2)), use.usage().scopes()), id
                        });
                    }
                    return id;
                },
                Sql.FIND_USED_SCOPES,
                ids(byId));
        loan.updateEach(Sql.SET_USED_SCOPES, united);
    }

    private static String united(Set<Scope> known, Set<Scope> more) {
        Set<Scope> all = new LinkedHashSet<>(known);
        // Those that are used now come last, also where they were known.
        all.removeAll(more);
        all.addAll(more);
        return all.stream()
                .skip(Math.max(0, all.size() - MOST_SCOPES))
                .map(Scope::value)
                .collect(Collectors.joining(" "));
    }

    private static @Nullable KeyUsage usage(ResultSet row, KeyId id) throws SQLException {
        long lastUsedAt = row.getLong(23);
        boolean unused = row.wasNull();
        long count = row.getLong(24);
        String scopes = row.getString(25);
        if (unused && count == 0 && scopes == null) {
            return null;
        }
        try {
            if (unused) {
                throw new IllegalArgumentException("used, and at no time");
            }
            return new KeyUsage(Instant.ofEpochMilli(lastUsedAt), count, scopes(scopes));
        } catch (RuntimeException e) {
            LOG.warn("What is known of the use of the API key {} is damaged, and left out", id);
            return null;
        }
    }

    /** The scopes in a text, none where it is damaged: then they are gathered anew. */
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
