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
 * Evictions from caches. The rows of keys tell most of them: a key that changed. The others, of tenants and of keys that are no
 * longer there, are rows of their own: one for each subject, the revision of which moves up.
 */
final class EvictionStatements {

    private static final int KEY = 0;
    private static final int TENANT = 1;

    private EvictionStatements() {}

    /** Records that keys of a tenant were changed or deleted. */
    static void ofTenant(BorrowedConnection loan, TenantId tenant, long revision) throws SQLException {
        byte[] subject = RowMapper.bytes(tenant.value());
        if (loan.update(Sql.EVICT_AGAIN, revision, TENANT, subject) == 0) {
            loan.update(Sql.EVICT, revision, TENANT, subject);
        }
    }

    /** Records that keys were deleted. */
    static void ofKeys(BorrowedConnection loan, List<byte[]> ids, long revision) throws SQLException {
        loan.updateAll(Sql.DELETE_KEY_EVICTIONS, ids);
        loan.updateEach(
                Sql.EVICT,
                ids.stream()
                        .map(id -> new @Nullable Object[] {revision, KEY, id})
                        .toList());
    }

    /** A row of a poll's answer: there is at least one, without a subject where nothing changed. */
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

    /** The changes of a poll, all of whose rows are there up to the limit of each kind. */
    static Changes changes(List<Row> rows, int limit) {
        Row any = rows.get(0);
        List<Row> listed = rows.stream()
                .filter(row -> row.subject() != null)
                .sorted(Comparator.comparingLong(Row::revision))
                .limit(limit)
                .toList();
        // The last revision of a list that is full may have more subjects than are in it.
        long through =
                listed.size() < limit ? any.head() : listed.get(limit - 1).revision() - 1;
        return Changes.of(
                through,
                any.head(),
                any.lease(),
                subjects(listed, through, KEY).map(KeyId::stored).toList(),
                subjects(listed, through, TENANT).map(TenantId::stored).toList(),
                any.inserted());
    }

    private static Stream<String> subjects(List<Row> listed, long through, int kind) {
        return listed.stream()
                .filter(row -> row.kind() == kind && row.revision() <= through)
                .map(row -> RowMapper.text(Objects.requireNonNull(row.subject())));
    }
}
