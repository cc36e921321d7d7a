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
 * Revokes all keys of a tenant as one, however many there are, without keeping other writers waiting:
 *
 * <ol>
 *   <li>One transaction takes the next revision and inserts a <em>mark</em>, a row with the tenant, that revision and the
 *       revocation. From its commit on, each statement that reads or changes a key takes a key of the tenant that was inserted up to
 *       that revision, and has no revocation of its own, for revoked by the mark.
 *   <li>The <em>sweep</em> writes the revocation into the rows of the keys, a chunk in each transaction. None of this changes an
 *       answer of the store: so it takes no revision, and no other writer waits for it. Each chunk locks the mark first; so the
 *       sweeps of several nodes, and what deletes keys, come one after the other and cannot meet in a deadlock.
 *   <li>Once no key is left, the mark is deleted. The row with the revision tells how many marks there are: so a lookup need not look
 *       for one where there is none, which is most of the time. A tenant has one mark at most: before the next one, the last one is swept.
 * </ol>
 *
 * <p>A sweep that dies half-way leaves the mark behind. The next revocation of all keys of the tenant, or the next purge, goes on
 * with it.
 */
final class TenantRevocations {

    private static final Logger LOG = LoggerFactory.getLogger(TenantRevocations.class);

    /** The number of keys that are written in one transaction. */
    private static final int CHUNK = KeyStore.MAX_KEYS_OF_A_WRITE;

    /** The number of keys that are searched for at a time: what was swept before may still be in the way of the search. */
    private static final int SEARCHED = 20 * CHUNK;

    /** Up to this number, keys are counted in the transaction of the mark, while all writers wait. */
    static final int MAX_COUNTED_EXACTLY = 1_000;

    private final Database database;

    TenantRevocations(Database database) {
        this.database = database;
    }

    /** A revocation of all keys of a tenant that is being written into their rows. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Mark(
            byte[] tenant,
            long upto,
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

        static Mark of(TenantId tenant, Revocation revocation, long upto) {
            return new Mark(
                    RowMapper.bytes(tenant.value()),
                    upto,
                    revocation.at().toEpochMilli(),
                    revocation.by().kind().name(),
                    revocation.by().name(),
                    RowMapper.reason(revocation));
        }

        @Nullable Object[] revoke() {
            return new @Nullable Object[] {at, byKind, byName, reason, at, at};
        }
    }

    /** What came of an attempt to set a mark. Of a mark that was in the way, nothing else was done. */
    private record Attempt(BulkWriteResult written, Optional<Mark> set, Optional<Mark> inTheWay) {}

    /** Revokes all keys of a tenant. Once the mark is committed this does not fail. */
    BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        byte[] owner = RowMapper.bytes(tenant.value());
        database.read(loan -> loan.query(Mark::read, Sql.FIND_MARK, owner)).forEach(this::sweep);
        Attempt attempt = mark(tenant, revocation);
        // Only where another node has set one since.
        while (attempt.inTheWay().isPresent()) {
            sweep(attempt.inTheWay().get());
            attempt = mark(tenant, revocation);
        }
        BulkWriteResult written = attempt.written();
        if (attempt.set().isEmpty()) {
            return written;
        }
        long changed = written.changed();
        try {
            Mark mark = attempt.set().get();
            if (changed > MAX_COUNTED_EXACTLY) {
                changed = database.read(loan -> unswept(loan, mark, Integer.MAX_VALUE));
            }
            sweep(mark);
        } catch (RuntimeException e) {
            LOG.warn(
                    "All API keys of a tenant are revoked, and that could not be written into the rows of all of them: the next"
                            + " purge goes on with it",
                    e);
        }
        return BulkWriteResult.of(Math.max(changed, written.changed()), written.revision(), written.lease());
    }

    private Attempt mark(TenantId tenant, Revocation revocation) {
        return database.revokeMany(1, (loan, coherence) -> {
            Mark mark = Mark.of(tenant, revocation, coherence.revision());
            Optional<Mark> before = loan.query(Mark::read, Sql.FIND_MARK, mark.tenant()).stream()
                    .findFirst();
            long keys = before.isPresent() ? 0 : unswept(loan, mark, MAX_COUNTED_EXACTLY + 1);
            BulkWriteResult written = BulkWriteResult.of(keys, coherence.revision(), coherence.lease());
            if (keys == 0) {
                return new Attempt(written, Optional.empty(), before);
            }
            loan.update(Sql.MARK, mark.tenant(), mark.upto(), mark.at(), mark.byKind(), mark.byName(), mark.reason());
            loan.update(Sql.COUNT_MARKS);
            EvictionStatements.ofTenant(loan, tenant, coherence.revision());
            return new Attempt(written, Optional.of(mark), Optional.empty());
        });
    }

    private static long unswept(BorrowedConnection loan, Mark mark, int limit) throws SQLException {
        return loan.query(row -> row.getLong(1), Sql.COUNT_UNSWEPT, mark.tenant(), mark.upto(), limit)
                .get(0);
    }

    /** Completes the sweeps of all tenants that were interrupted, or go on elsewhere. */
    void completeSweeps() {
        database.read(loan -> loan.query(Mark::read, Sql.FIND_MARKS)).forEach(this::sweep);
    }

    /** Writes a mark into the rows of the keys. Several threads and nodes may do so at the same time. */
    private void sweep(Mark mark) {
        try {
            List<byte[]> ids;
            do {
                ids = database.read(loan ->
                        loan.query(row -> row.getBytes(1), Sql.FIND_UNSWEPT, mark.tenant(), mark.upto(), SEARCHED));
                for (int i = 0; i < ids.size(); i += CHUNK) {
                    List<byte[]> chunk = new ArrayList<>(ids.subList(i, Math.min(i + CHUNK, ids.size())));
                    if (!database.writeBeside(loan -> sweep(loan, mark, chunk))) {
                        return;
                    }
                }
            } while (ids.size() == SEARCHED);
            database.writeMany(0, (loan, coherence) -> {
                delete(loan, mark.tenant(), mark.upto());
                return true;
            });
        } catch (OutcomeUnknownException e) {
            // Of this step alone, which can be done again: it is not the outcome of what the caller asked for.
            throw new StoreUnavailableException(
                    "an earlier revocation of all API keys of a tenant could not be completed", e);
        }
    }

    /** Deletes the mark of a tenant, if it has one, while no other writer counts the marks. */
    static void delete(BorrowedConnection loan, byte[] tenant, long upto) throws SQLException {
        if (loan.update(Sql.DELETE_MARK, tenant, upto) > 0) {
            loan.update(Sql.COUNT_MARKS);
        }
    }

    /** Sweeps some keys, unless the mark is gone: then another thread or node has swept all of them. */
    private static boolean sweep(BorrowedConnection loan, Mark mark, List<byte[]> ids) throws SQLException {
        if (loan.update(Sql.LOCK_MARK, mark.tenant(), mark.upto()) == 0) {
            return false;
        }
        loan.updateAll(Sql.SWEEP, ids, mark.revoke());
        return true;
    }
}
