package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.DigestOrigin;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Queries for the digest origins of active keys: the pepper and the format of each. */
final class DigestOriginQueries {

    private DigestOriginQueries() {}

    /**
     * Returns the digest origins of active keys. Seeks from one origin to the next in the index, so that the number of queries
     * depends on the number of origins, and not on the number of keys.
     */
    static Set<DigestOrigin> ofActive(StatementRunner runner, Instant now) throws SQLException {
        Set<DigestOrigin> active = new HashSet<>();
        List<IndexEntry> next = runner.query(IndexEntry::read, Sql.NEXT_PEPPER, new byte[0]);
        while (!next.isEmpty()) {
            IndexEntry entry = next.get(0);
            if (hasActive(runner, entry, now)) {
                active.add(entry.origin());
            }
            next = runner.query(IndexEntry::read, Sql.NEXT_FORMAT, entry.pepper(), entry.format());
            if (next.isEmpty()) {
                next = runner.query(IndexEntry::read, Sql.NEXT_PEPPER, entry.pepper());
            }
        }
        return active;
    }

    private static boolean hasActive(StatementRunner runner, IndexEntry entry, Instant now) throws SQLException {
        return !runner.query(row -> true, Sql.ANY_WITHOUT_EXPIRY, entry.pepper(), entry.format())
                        .isEmpty()
                || !runner.query(row -> true, Sql.ANY_WITH_EXPIRY, entry.pepper(), entry.format(), now.toEpochMilli())
                        .isEmpty();
    }

    /** Reads an origin and the number of its keys, which is negative in rows that are to be subtracted. */
    static Map.Entry<DigestOrigin, Long> count(ResultSet row) throws SQLException {
        return Map.entry(IndexEntry.read(row).origin(), row.getLong(3));
    }

    /** Digest origin as stored in the index. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record IndexEntry(byte[] pepper, byte[] format) {

        static IndexEntry read(ResultSet row) throws SQLException {
            return new IndexEntry(row.getBytes(1), row.getBytes(2));
        }

        DigestOrigin origin() {
            try {
                return RowMapper.origin(pepper, format);
            } catch (RuntimeException e) {
                throw new StoreUnavailableException("the pepper id or the format of a stored API key is damaged", null);
            }
        }
    }
}
