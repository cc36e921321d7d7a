package dev.keywright.jdbc;

import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes all keys of a tenant atomically, whatever their number, without blocking other writers:
 *
 * <ol>
 *   <li>One transaction takes the next revision and inserts a <em>mark</em>, a row with the tenant, that revision and the
 *       revocation. From its commit on, each statement that reads or changes a key treats every key of the tenant that was
 *       inserted up to that revision, and has no revocation of its own, as revoked by the mark.
 *   <li>The <em>sweep</em> stores the revocation in the rows of the keys, a chunk in each transaction. This changes no result of
 *       the store, so it takes no revision, and no other writer waits for it. Each chunk locks the mark first: the sweeps of several
 *       nodes, and deletions of keys, run one after the other and cannot deadlock.
 *   <li>Once no key is left, the mark is deleted. The coherence row has the number of marks, so that a lookup joins the marks only
 *       while there are any. A tenant has at most one mark: it is swept before the next one is inserted.
 * </ol>
 *
 * <p>A sweep that is interrupted leaves the mark. The next revocation of all keys of the tenant, or the next purge, completes it.
 */
final class TenantRevocations {

    private static final Logger LOG = LoggerFactory.getLogger(TenantRevocations.class);

    /** Number of keys that are swept in one transaction. */
    private static final int CHUNK_SIZE = KeyStore.MAX_KEYS_PER_WRITE;

    /** Number of keys in one search. Larger than a chunk, since a search may scan index entries of swept keys. */
    private static final int SEARCH_SIZE = 20 * CHUNK_SIZE;

    /** Maximum number of keys that are counted in the transaction of the mark, while all writers wait. */
    static final int MAX_COUNTED_EXACTLY = 1_000;

    private final Database database;

    TenantRevocations(Database database) {
        this.database = database;
    }

    /** Revocation of all keys of a tenant whose sweep is not complete. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Mark(
            byte[] tenant,
            long upTo,
            long at,
            String byKind,
            String byName,
            @Nullable String reason) {

        static Mark read(ResultSet row) throws SQLException {
            return new Mark(
                    row.getBytes(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6));
        }

        static Mark of(TenantId tenant, Revocation revocation, long upTo) {
            return new Mark(
                    RowMapper.bytes(tenant.value()),
                    upTo,
                    revocation.at().toEpochMilli(),
                    revocation.by().kind().name(),
                    revocation.by().name(),
                    RowMapper.reason(revocation.reason()));
        }

        @Nullable Object[] revoke() {
            return new @Nullable Object[] {at, byKind, byName, reason, at, at};
        }
    }

    /** Result of an attempt to insert a mark, which does nothing if the tenant already has one. */
    private record MarkAttempt(BulkWriteResult result, Optional<Mark> inserted, Optional<Mark> existing) {}

    /** Revokes all keys of a tenant. Does not fail once the mark is committed. */
    BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        byte[] tenantBytes = RowMapper.bytes(tenant.value());
        database.read(runner -> runner.query(Mark::read, Sql.FIND_MARK, tenantBytes))
                .forEach(this::sweep);
        MarkAttempt attempt = insertMark(tenant, revocation);
        // Another node may have inserted a mark in the meantime.
        while (attempt.existing().isPresent()) {
            sweep(attempt.existing().get());
            attempt = insertMark(tenant, revocation);
        }
        BulkWriteResult result = attempt.result();
        if (attempt.inserted().isEmpty()) {
            return result;
        }
        long changed = result.changed();
        try {
            Mark mark = attempt.inserted().get();
            if (changed > MAX_COUNTED_EXACTLY) {
                changed = database.read(runner -> countUnswept(runner, mark, Integer.MAX_VALUE));
            }
            sweep(mark);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Sweep failed after a revocation of all API keys of a tenant; the keys are revoked, and the next"
                            + " purge completes the sweep",
                    e);
        }
        return BulkWriteResult.of(Math.max(changed, result.changed()), result.revision(), result.lease());
    }

    private MarkAttempt insertMark(TenantId tenant, Revocation revocation) {
        return database.revokeMany((runner, coherence) -> {
            Mark mark = Mark.of(tenant, revocation, coherence.revision());
            Optional<Mark> existing = runner.query(Mark::read, Sql.FIND_MARK, mark.tenant()).stream()
                    .findFirst();
            long keys = existing.isPresent() ? 0 : countUnswept(runner, mark, MAX_COUNTED_EXACTLY + 1);
            BulkWriteResult result = BulkWriteResult.of(keys, coherence.revision(), coherence.lease());
            if (keys == 0) {
                return new MarkAttempt(result, Optional.empty(), existing);
            }
            runner.update(
                    Sql.INSERT_MARK,
                    mark.tenant(),
                    mark.upTo(),
                    mark.at(),
                    mark.byKind(),
                    mark.byName(),
                    mark.reason());
            runner.update(Sql.STORE_MARK_COUNT);
            EvictionStatements.ofTenant(runner, tenant, coherence.revision());
            return new MarkAttempt(result, Optional.of(mark), Optional.empty());
        });
    }

    private static long countUnswept(StatementRunner runner, Mark mark, int limit) throws SQLException {
        return runner.query(row -> row.getLong(1), Sql.COUNT_UNSWEPT, mark.tenant(), mark.upTo(), limit)
                .get(0);
    }

    /** Completes the sweeps of all tenants, including interrupted sweeps and sweeps of other nodes. */
    void completeSweeps() {
        database.read(runner -> runner.query(Mark::read, Sql.FIND_MARKS)).forEach(this::sweep);
    }

    /** Stores the revocation of a mark in the rows of its keys. Several threads and nodes may do so at the same time. */
    private void sweep(Mark mark) {
        try {
            List<byte[]> ids;
            do {
                ids = database.read(runner -> runner.query(
                        row -> row.getBytes(1), Sql.FIND_UNSWEPT, mark.tenant(), mark.upTo(), SEARCH_SIZE));
                for (int i = 0; i < ids.size(); i += CHUNK_SIZE) {
                    List<byte[]> chunk = new ArrayList<>(ids.subList(i, Math.min(i + CHUNK_SIZE, ids.size())));
                    if (!database.writeWithoutRevision(runner -> sweepChunk(runner, mark, chunk))) {
                        return;
                    }
                }
            } while (ids.size() == SEARCH_SIZE);
            database.writeMany(0, (runner, coherence) -> {
                delete(runner, mark.tenant(), mark.upTo());
                return true;
            });
        } catch (OutcomeUnknownException e) {
            // Only the deletion of the mark is unknown, which can be repeated. The caller's own write is not affected.
            throw new StoreUnavailableException(
                    "the sweep of an earlier revocation of all API keys of a tenant failed", e);
        }
    }

    /** Deletes the mark of a tenant, if any, in a transaction that holds the writers' lock, so that no other writer counts marks. */
    static void delete(StatementRunner runner, byte[] tenant, long upTo) throws SQLException {
        if (runner.update(Sql.DELETE_MARK, tenant, upTo) > 0) {
            runner.update(Sql.STORE_MARK_COUNT);
        }
    }

    /** Sweeps some keys. Returns false if the mark was deleted, because another thread or node has swept all keys. */
    private static boolean sweepChunk(StatementRunner runner, Mark mark, List<byte[]> ids) throws SQLException {
        if (runner.update(Sql.LOCK_MARK, mark.tenant(), mark.upTo()) == 0) {
            return false;
        }
        runner.updateAll(Sql.SWEEP_KEYS, ids, mark.revoke());
        return true;
    }
}
