package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps API keys in a relational database: H2, MariaDB, MySQL, PostgreSQL or SQLite.
 *
 * <pre>{@code
 * JdbcSchema.install(dataSource);
 * KeyStore store = JdbcKeyStore.on(dataSource);
 * }</pre>
 *
 * <p>Each call borrows one connection and gives it back as it was found; it never joins a transaction of the caller's, so
 * the data source must hand out connections in autocommit. They must lead to the primary, and the data source must bound
 * how long it waits for one. Put a pool in front of a database that is far away.
 *
 * <p>A node that caches keeps one connection to itself for as long as it is open, and asks on it several times a second what was
 * written. A pool must have two connections at least, then, and should have one more than without a cache: from a pool of one,
 * the first poll takes the only connection, and no look-up and no write ever gets one.
 *
 * <p>A call ends within the time that the data source allows for a connection and the database for a lock and a statement;
 * set these, and a socket time-out where there is a network between.
 *
 * <p>At most two writes of a store run at the same time; the others wait without a connection, revocations ahead of the rest.
 *
 * <p>H2 is used inside one process: a store does not open on an H2 server. An H2 database in a file wants two things in its URL, as in {@code jdbc:h2:async:./keys;WRITE_DELAY=0}. By default
 * H2 writes half a second late, and what was revoked in that time works again after a crash; and by default an interrupted
 * thread closes the file for all others. The store logs a warning where it finds either.
 *
 * <p>Safe for use by many threads, and any number of stores in any number of processes may share a database.
 */
public final class JdbcKeyStore implements KeyStore, UsageStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcKeyStore.class);

    /** The columns in which lookups have the revision, behind those of the key. */
    private static final int REVISION_OF_KEY = 23;

    private static final int REVISION_OF_KEY_AND_USE = 26;

    /** Whether the last lookup met a mark. Only a hint of which statement to begin with. */
    private volatile boolean marked;

    private final Database database;
    private final TenantRevocations revocations;

    private JdbcKeyStore(Database database) {
        this.database = database;
        this.revocations = new TenantRevocations(database);
    }

    /**
     * Opens the store with the default options, once it has seen that the tables are as they should be.
     *
     * @param source where the keys are
     * @return the store
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if a table, a column or the row that orders the writers is missing, or a column is not of the
     *     kind that it should be; if the database, or the connection to it, does not keep every text as it is given; if it is a
     *     Galera cluster whose reads may lag, or an H2 server; if the data source is a proxy of Spring's that hands out the
     *     connection of a transaction. The message names the reason and the cure
     * @throws StoreUnavailableException if the database does not answer, or is a replica, or the data source is one of connections
     *     inside a transaction, or of read-only ones, or of ones at READ UNCOMMITTED
     */
    public static JdbcKeyStore on(DataSource source) {
        return on(source, JdbcOptions.defaults());
    }

    /**
     * Opens the store, once it has seen that the tables are as they should be.
     *
     * @param source where the keys are
     * @param options what was chosen; the same as for the {@linkplain JdbcSchema schema}
     * @return the store
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if a table, a column or the row that orders the writers is missing, or a column is not of the
     *     kind that it should be; if the database, or the connection to it, does not keep every text as it is given; if it is a
     *     Galera cluster whose reads may lag, or an H2 server; if the data source is a proxy of Spring's that hands out the
     *     connection of a transaction. The message names the reason and the cure
     * @throws StoreUnavailableException if the database does not answer, or is a replica, or the data source is one of connections
     *     inside a transaction, or of read-only ones, or of ones at READ UNCOMMITTED
     */
    public static JdbcKeyStore on(DataSource source, JdbcOptions options) {
        Database database = Database.at(source, options);
        List<String> warnings = database.read(loan -> OpeningChecks.check(loan, database.dialect()));
        warnings.forEach(LOG::warn);
        return new JdbcKeyStore(database);
    }

    @Override
    public WriteResult insert(StoredKey key, int maxActiveKeys, Instant now) {
        return database.write(key.key().id(), (loan, coherence) -> {
            if (maxActiveKeys != UNLIMITED && active(loan, key.key().tenant(), now, maxActiveKeys) >= maxActiveKeys) {
                return WriteResult.unchanged(Optional.empty(), coherence.revision(), coherence.lease());
            }
            StoredKey added = added(key, coherence.revision());
            add(loan, List.of(added));
            return WriteResult.changed(added, coherence.revision(), coherence.lease());
        });
    }

    @Override
    public List<WriteResult> insertAll(List<ImportCandidate> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        return database.writeMany(candidates.size(), (loan, coherence) -> {
            List<byte[]> digests = candidates.stream()
                    .flatMap(JdbcKeyStore::digests)
                    .map(Digest::bytes)
                    .toList();
            Map<Digest, StoredKey> there = new HashMap<>();
            loan.queryAll(UsageStatements::read, Sql.FIND_ALL_BY_DIGEST, digests)
                    .forEach(key -> there.put(key.digest(), key));
            List<StoredKey> added = new ArrayList<>();
            List<WriteResult> written = new ArrayList<>();
            long revision = coherence.revision() - candidates.size();
            for (ImportCandidate candidate : candidates) {
                revision++;
                Optional<StoredKey> found = digests(candidate)
                        .flatMap(digest -> Stream.ofNullable(there.get(digest)))
                        .findFirst();
                StoredKey row = found.orElse(added(candidate.key(), revision));
                if (found.isEmpty()) {
                    digests(candidate).forEach(digest -> there.put(digest, row));
                    added.add(row);
                }
                written.add(
                        found.isEmpty()
                                ? WriteResult.changed(row, revision, coherence.lease())
                                : WriteResult.unchanged(found, revision, coherence.lease()));
            }
            add(loan, added);
            return written;
        });
    }

    /** The digests under which a candidate's text may be stored, its own first. */
    private static Stream<Digest> digests(ImportCandidate candidate) {
        return Stream.concat(Stream.of(candidate.key().digest()), candidate.otherDigests().stream());
    }

    @Override
    public WriteResult change(ApiKey changed, Instant now) {
        return database.write(changed.id(), (loan, coherence) -> change(loan, coherence, changed, now));
    }

    @Override
    public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
        // Of the two, the successor is the one to tell of: nobody has its secret if it came to be.
        return database.write(successor.key().id(), (loan, coherence) -> {
            WriteResult written = change(loan, coherence, changed, now);
            if (written.changed()) {
                add(loan, List.of(added(successor, coherence.revision())));
            }
            return written;
        });
    }

    @Override
    public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return database.revoke(id, (loan, coherence) -> {
            int changed = loan.update(Sql.REVOKE, RowMapper.revoke(revocation, coherence.revision(), tenant, id));
            return result(find(loan, tenant, id).key(), changed, coherence);
        });
    }

    @Override
    public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        return revocations.revokeAll(tenant, revocation);
    }

    @Override
    public BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        byte[] owner = RowMapper.bytes(tenant.value());
        return database.revokeMany(1, (loan, coherence) -> {
            List<byte[]> ids = loan.query(
                    JdbcKeyStore::id,
                    Sql.FIND_OF_CREATOR,
                    owner,
                    RowMapper.bytes(createdBy.name()),
                    createdBy.kind().name(),
                    owner,
                    limit);
            loan.updateAll(
                    Sql.REVOKE_MANY,
                    ids,
                    Stream.concat(Stream.of(coherence.revision()), Arrays.stream(RowMapper.revoke(revocation)))
                            .toArray());
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public BulkWriteResult purge(Instant endedBefore, int limit) {
        // Until it is swept, the row of a key does not say that it became inactive.
        revocations.completeSweeps();
        return database.writeMany(1, (loan, coherence) -> {
            loan.update(Sql.LOCK_MARKS);
            List<byte[]> ids =
                    loan.query(JdbcKeyStore::id, Sql.PURGEABLE, Long.MIN_VALUE, endedBefore.toEpochMilli(), limit);
            delete(loan, ids);
            EvictionStatements.ofKeys(loan, ids, coherence.revision());
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public BulkWriteResult purgeTenant(TenantId tenant, int limit) {
        byte[] owner = RowMapper.bytes(tenant.value());
        return database.writeMany(1, (loan, coherence) -> {
            loan.update(Sql.LOCK_MARKS);
            List<byte[]> ids = loan.query(JdbcKeyStore::id, Sql.FIND_OF_TENANT, owner, limit);
            delete(loan, ids);
            if (!ids.isEmpty()) {
                EvictionStatements.ofTenant(loan, tenant, coherence.revision());
            }
            if (ids.size() < limit) {
                TenantRevocations.delete(loan, owner, coherence.revision());
            }
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public void forgetEvictions(long revision) {
        database.writeBeside(loan -> loan.update(Sql.FORGET_EVICTIONS, revision));
    }

    @Override
    public Optional<UsageStore> usageStore() {
        return Optional.of(this);
    }

    @Override
    public void recordUsage(List<UsageDelta> uses) {
        if (uses.isEmpty()) {
            return;
        }
        database.writeBeside(loan -> {
            UsageStatements.record(loan, uses);
            return true;
        });
    }

    @Override
    public List<StoredKey> claimExpiring(Instant now, Instant until, int limit) {
        return database.writeBeside(loan -> UsageStatements.takeEnding(loan, now, until, limit));
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        List<LookupSnapshot> rows = database.read(loan -> lookUp(loan, digest));
        LookupSnapshot any = only(rows);
        // Compared again: the unique index may be gone, or a trigger may have rewritten what we sent.
        return LookupSnapshot.of(
                rows.stream()
                        .flatMap(row -> row.key().stream())
                        .filter(found -> found.digest().equals(digest))
                        .findFirst(),
                any.revision());
    }

    /**
     * Looks a key up by its row alone, as long as there is no mark that might revoke it. While there is one, which is seldom and not
     * for long, the statement that asks for marks too comes first.
     */
    private List<LookupSnapshot> lookUp(BorrowedConnection loan, Digest digest) throws SQLException {
        Sql first = marked ? Sql.FIND_MARKED_BY_DIGEST : Sql.FIND_BY_DIGEST;
        AtomicBoolean anyMark = new AtomicBoolean();
        List<LookupSnapshot> rows = lookUp(loan, first, digest, anyMark);
        marked = anyMark.get();
        return anyMark.get() && first == Sql.FIND_BY_DIGEST
                ? lookUp(loan, Sql.FIND_MARKED_BY_DIGEST, digest, anyMark)
                : rows;
    }

    private static List<LookupSnapshot> lookUp(BorrowedConnection loan, Sql sql, Digest digest, AtomicBoolean anyMark)
            throws SQLException {
        return loan.query(
                row -> {
                    if (row.getLong(REVISION_OF_KEY + 1) != 0) {
                        anyMark.set(true);
                    }
                    return RowMapper.lookup(row, RowMapper::read, REVISION_OF_KEY);
                },
                sql,
                (Object) digest.bytes());
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        return database.read(loan -> find(loan, tenant, id));
    }

    @Override
    public List<StoredKey> list(
            TenantId tenant,
            ApiKey.@Nullable State state,
            @Nullable Actor createdBy,
            Instant now,
            @Nullable ListPosition after,
            int limit) {
        long created = after == null ? Long.MIN_VALUE : after.createdAt().toEpochMilli();
        long inserted = after == null ? Long.MIN_VALUE : after.insertRevision();
        List<Object> values = new ArrayList<>(List.of(RowMapper.bytes(tenant.value()), created, created, inserted));
        if (createdBy != null) {
            values.addAll(
                    List.of(RowMapper.bytes(createdBy.name()), createdBy.kind().name()));
        }
        if (Sql.dependsOnTime(state)) {
            values.add(now.toEpochMilli());
        }
        values.add(limit);
        return database.read(
                loan -> loan.query(UsageStatements::read, Sql.list(state, createdBy != null), values.toArray()));
    }

    @Override
    public Set<DigestOrigin> originsInUse(Instant now) {
        return database.read(loan -> DigestOriginQueries.ofActive(loan, now));
    }

    @Override
    public Map<DigestOrigin, Long> countByOrigin(Instant now) {
        Map<DigestOrigin, Long> counts = new HashMap<>();
        database.read(loan -> loan.query(
                        DigestOriginQueries::count, Sql.COUNT_ACTIVE, now.toEpochMilli(), now.toEpochMilli()))
                .forEach(part -> counts.merge(part.getKey(), part.getValue(), Long::sum));
        counts.values().removeIf(count -> count == 0);
        return Map.copyOf(counts);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        database.writeBeside(loan -> loan.update(Sql.BEGIN_CACHING, lease.toMillis()));
        return new JdbcChangeFeed(database);
    }

    /** The number of active keys of a tenant; at least the limit, where there are more. */
    private static long active(BorrowedConnection loan, TenantId tenant, Instant now, int limit) throws SQLException {
        byte[] owner = RowMapper.bytes(tenant.value());
        long millis = now.toEpochMilli();
        return loan.query(
                        row -> row.getLong(1),
                        Sql.COUNT_OF_TENANT,
                        owner,
                        owner,
                        millis,
                        limit,
                        owner,
                        millis,
                        owner,
                        millis,
                        limit)
                .get(0);
    }

    /** A key as it is when it has just been inserted: nothing is known of its use. */
    private static StoredKey added(StoredKey key, long revision) {
        ApiKey unused = StoredValues.keyBuilder(key.key()).usage(null).build();
        return key.changed(unused, revision).revised(revision, revision);
    }

    /** Inserts keys, each with the row that its use will be recorded in. */
    private void add(BorrowedConnection loan, List<StoredKey> keys) throws SQLException {
        try {
            loan.updateEach(Sql.INSERT, keys.stream().map(RowMapper::write).toList());
            loan.updateEach(
                    Sql.INSERT_USE,
                    keys.stream()
                            .map(key -> new @Nullable Object[] {
                                RowMapper.bytes(key.key().id())
                            })
                            .toList());
        } catch (SQLException e) {
            if (database.dialect().isDuplicate(e)) {
                throw new DuplicateKeyException();
            }
            throw e;
        }
    }

    private LookupSnapshot find(BorrowedConnection loan, TenantId tenant, KeyId id) throws SQLException {
        return only(loan.query(
                row -> RowMapper.lookup(row, UsageStatements::read, REVISION_OF_KEY_AND_USE),
                Sql.FIND,
                RowMapper.bytes(tenant.value()),
                RowMapper.bytes(id)));
    }

    /** The first row of a lookup, which has one whether there is such a key or not. */
    private LookupSnapshot only(List<LookupSnapshot> rows) {
        if (rows.isEmpty()) {
            throw database.rowIsLost();
        }
        return rows.get(0);
    }

    private static WriteResult result(Optional<StoredKey> row, int changedRows, Database.Coherence coherence) {
        return changedRows > 0
                ? WriteResult.changed(row.orElseThrow(), coherence.revision(), coherence.lease())
                : WriteResult.unchanged(row, coherence.revision(), coherence.lease());
    }

    private WriteResult change(BorrowedConnection loan, Database.Coherence coherence, ApiKey changed, Instant now)
            throws SQLException {
        int rows = loan.update(Sql.CHANGE, RowMapper.change(changed, coherence.revision(), now));
        Optional<StoredKey> row = find(loan, changed.tenant(), changed.id()).key();
        return result(row, rows, coherence);
    }

    private static void delete(BorrowedConnection loan, List<byte[]> ids) throws SQLException {
        loan.updateAll(Sql.DELETE_USE, ids);
        loan.updateAll(Sql.DELETE, ids);
    }

    private static byte[] id(ResultSet row) throws SQLException {
        return row.getBytes(1);
    }
}
