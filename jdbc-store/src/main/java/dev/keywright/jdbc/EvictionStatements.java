package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.Changes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Evictions from the caches of nodes. A changed key is found by the change revision of its row. Evictions of tenants and of deleted
 * keys have rows of their own: one for each subject, whose revision is updated.
 */
final class EvictionStatements {

    private static final int KEY = 0;
    private static final int TENANT = 1;

    private EvictionStatements() {}

    /** Records that keys of a tenant were changed or deleted. */
    static void ofTenant(StatementRunner runner, TenantId tenant, long revision) throws SQLException {
        byte[] subject = RowMapper.bytes(tenant.value());
        if (runner.update(Sql.UPDATE_EVICTION, revision, TENANT, subject) == 0) {
            runner.update(Sql.INSERT_EVICTION, revision, TENANT, subject);
        }
    }

    /** Records that keys were deleted. */
    static void ofKeys(StatementRunner runner, List<byte[]> ids, long revision) throws SQLException {
        runner.updateAll(Sql.DELETE_KEY_EVICTIONS, ids);
        runner.updateEach(
                Sql.INSERT_EVICTION,
                ids.stream()
                        .map(id -> new @Nullable Object[] {revision, KEY, id})
                        .toList());
    }

    /** Row of a poll. There is at least one; its subject is null if nothing changed. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Row(long head, Duration lease, boolean inserted, int kind, byte @Nullable [] subject, long revision) {

        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong(1),
                    Duration.ofMillis(row.getLong(2)),
                    row.getLong(3) > 0,
                    row.getInt(4),
                    row.getBytes(5),
                    row.getLong(6));
        }
    }

    /**
     * Returns the changes of a poll from its rows, which have all rows of each kind up to the limit.
     *
     * @param maxHead the revision up to which the rows are known to have all changes. They may have later changes, which count too:
     *     the row of a key shows the last of its changes only
     */
    static Changes changes(List<Row> rows, long maxHead, int limit) {
        Row any = rows.get(0);
        long known = Math.min(any.head(), maxHead);
        List<Row> listed = rows.stream()
                .filter(row -> row.subject() != null)
                .sorted(Comparator.comparingLong(Row::revision))
                .limit(limit)
                .toList();
        boolean full = listed.size() == limit;
        // The last revision of a full list may have further subjects that were cut off.
        long complete = full ? listed.get(limit - 1).revision() - 1 : Long.MAX_VALUE;
        return Changes.of(
                Math.min(complete, known),
                // A key that was cut off may have an earlier change, too: another page must follow.
                full ? any.head() : known,
                any.lease(),
                subjects(listed, complete, KEY).map(KeyId::stored).toList(),
                subjects(listed, complete, TENANT).map(TenantId::stored).toList(),
                any.inserted());
    }

    private static Stream<String> subjects(List<Row> listed, long through, int kind) {
        return listed.stream()
                .filter(row -> row.kind() == kind && row.revision() <= through)
                .map(row -> RowMapper.text(Objects.requireNonNull(row.subject())));
    }
}
