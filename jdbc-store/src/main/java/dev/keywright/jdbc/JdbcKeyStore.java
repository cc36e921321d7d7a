package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
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
 * Stores API keys in a relational database: H2, MariaDB, MySQL, PostgreSQL or SQLite.
 *
 * <pre>{@code
 * JdbcSchema.install(dataSource);
 * KeyStore store = JdbcKeyStore.on(dataSource);
 * }</pre>
 *
 * <p>Each call borrows one connection and returns it with its settings restored; it never joins a transaction of the caller, so
 * the data source must hand out connections in autocommit. They must lead to the primary, and the data source must bound
 * how long it waits for one. Use a pool for a remote database.
 *
 * <p>The change feed of a node with a cache keeps one connection for as long as it is open, and polls on it several times a second.
 * A pool must then have at least two connections, and should have one more than without a cache: from a pool of one, the first
 * poll takes the only connection, and every lookup and write fails.
 *
 * <p>A call returns within the {@linkplain JdbcOptions#timeout time-out}, plus the time that the data source waits for a
 * connection.
 *
 * <p>At most two writes of keys run at the same time; the others wait without a connection, revocations and suspensions
 * ahead of other writes.
 *
 * <p>H2 must run inside the process: a store does not open on an H2 server. The URL of an H2 database in a file should have two
 * settings, as in {@code jdbc:h2:async:./keys;WRITE_DELAY=0}. By default H2 writes to the file half a second after a commit, so
 * that a crash undoes revocations; and by default an interrupted thread closes the file for all others. The store logs a warning
 * if either setting is missing.
 *
 * <p>Thread-safe; any number of stores in any number of processes may share a database.
 */
public final class JdbcKeyStore implements KeyStore, UsageStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcKeyStore.class);

    /** Columns of a lookup after those of the key: the revision, and the number of marks. */
    private static final int REVISION_COLUMN = Sql.Fragments.KEY_COLUMNS + 1;

    private static final int MARKS_COLUMN = REVISION_COLUMN + 1;

    /** Column of the revision in a lookup of a key with its usage. */
    private static final int REVISION_COLUMN_AFTER_USAGE = REVISION_COLUMN + Sql.Fragments.USAGE_COLUMNS;

    private final Database database;
    private final TenantRevocations revocations;
    private final ExpiryClaims expiryClaims;

    /** Whether the last lookup found a mark. Decides which statement is tried first, and never the result. */
    private volatile boolean hasMarks;

    private JdbcKeyStore(Database database) {
        this.database = database;
        this.revocations = new TenantRevocations(database);
        this.expiryClaims = new ExpiryClaims(database);
    }

    /**
     * Opens the store with the default options, as {@link #on(DataSource, JdbcOptions)} does.
     *
     * @param source the data source of the database
     * @return the store
     */
    public static JdbcKeyStore on(DataSource source) {
        return on(source, JdbcOptions.defaults());
    }

    /**
     * Opens the store, after checking the database and the tables.
     *
     * @param source the data source of the database
     * @param options the options; the same as for the {@linkplain JdbcSchema schema}
     * @return the store
     * @throws IllegalArgumentException if the database is not supported
     * @throws IllegalStateException if a table, a column or the row that orders the writers is missing, or a column has the wrong
     *     type; if the database or the connection changes characters of text; if it is a Galera cluster whose reads may lag, or an
     *     H2 server; if the data source is a proxy of Spring's that hands out the connection of a transaction. The message names
     *     the reason and the cure
     * @throws StoreUnavailableException if the database does not respond or is a replica, or if the data source hands out
     *     connections that are inside a transaction, read-only, or at READ UNCOMMITTED
     */
    public static JdbcKeyStore on(DataSource source, JdbcOptions options) {
        Database database = Database.at(source, options);
        List<String> warnings =
                database.onConnection(connection -> OpeningChecks.check(connection, database.dialect()));
        warnings.forEach(LOG::warn);
        return new JdbcKeyStore(database);
    }

    @Override
    public WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now) {
        return database.write(key.key().id(), (runner, coherence) -> {
            Optional<StoredKey> earlier = issuedFor(runner, key, now);
            if (earlier.isPresent()) {
                return WriteResult.unchanged(earlier, coherence.revision(), coherence.lease());
            }
            if (isAtLimit(runner, key.key(), limits, now)) {
                return WriteResult.unchanged(Optional.empty(), coherence.revision(), coherence.lease());
            }
            StoredKey added = asInserted(key, coherence.revision());
            insert(runner, List.of(added));
            return WriteResult.changed(added, coherence.revision(), coherence.lease());
        });
    }

    /** Finds the key that was issued earlier for the same request, if the request has an idempotency key. */
    private static Optional<StoredKey> issuedFor(StatementRunner runner, StoredKey key, Instant now)
            throws SQLException {
        if (key.issueRequest().isEmpty()) {
            return Optional.empty();
        }
        return runner
                .query(
                        UsageStatements::read,
                        Sql.FIND_BY_ISSUE_REQUEST,
                        key.issueRequest().get().bytes(),
                        RowMapper.bytes(key.key().tenant().value()),
                        now.minus(ISSUE_REQUEST_WINDOW).toEpochMilli())
                .stream()
                .findFirst();
    }

    @Override
    public List<WriteResult> insertAll(List<ImportCandidate> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        return database.writeMany(candidates.size(), (runner, coherence) -> {
            List<byte[]> digests = candidates.stream()
                    .flatMap(JdbcKeyStore::digests)
                    .map(Digest::bytes)
                    .toList();
            Map<Digest, StoredKey> existing = new HashMap<>();
            runner.queryAll(UsageStatements::read, Sql.FIND_ALL_BY_DIGEST, digests)
                    .forEach(key -> existing.put(key.digest(), key));
            List<StoredKey> added = new ArrayList<>();
            List<WriteResult> results = new ArrayList<>();
            long revision = coherence.revision() - candidates.size();
            for (ImportCandidate candidate : candidates) {
                revision++;
                Optional<StoredKey> found = digests(candidate)
                        .flatMap(digest -> Stream.ofNullable(existing.get(digest)))
                        .findFirst();
                StoredKey row = found.orElse(asInserted(candidate.key(), revision));
                if (found.isEmpty()) {
                    digests(candidate).forEach(digest -> existing.put(digest, row));
                    added.add(row);
                }
                results.add(
                        found.isEmpty()
                                ? WriteResult.changed(row, revision, coherence.lease())
                                : WriteResult.unchanged(found, revision, coherence.lease()));
            }
            insert(runner, added);
            return results;
        });
    }

    /** Returns the digests under which the text of a candidate may be stored, its own first. */
    private static Stream<Digest> digests(ImportCandidate candidate) {
        return Stream.concat(Stream.of(candidate.key().digest()), candidate.otherDigests().stream());
    }

    @Override
    public WriteResult change(ApiKey changed, Instant now) {
        return database.write(changed.id(), (runner, coherence) -> change(runner, coherence, changed, now));
    }

    @Override
    public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
        // An unknown outcome names the successor: if it was inserted, its secret is lost, so it must be revoked.
        return database.write(successor.key().id(), (runner, coherence) -> {
            WriteResult result = change(runner, coherence, changed, now);
            if (result.changed()) {
                insert(runner, List.of(asInserted(successor, coherence.revision())));
            }
            return result;
        });
    }

    @Override
    public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return database.revoke(id, (runner, coherence) -> {
            int changed = runner.update(Sql.REVOKE_KEY, RowMapper.revoke(revocation, coherence.revision(), tenant, id));
            return result(find(runner, tenant, id).key(), changed, coherence);
        });
    }

    @Override
    public WriteResult suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now) {
        return database.revoke(id, (runner, coherence) -> {
            int changed = runner.update(
                    Sql.SUSPEND_KEY, RowMapper.suspend(suspension, coherence.revision(), tenant, id, now));
            return result(find(runner, tenant, id).key(), changed, coherence);
        });
    }

    @Override
    public WriteResult resume(TenantId tenant, KeyId id, Instant now) {
        return database.write(id, (runner, coherence) -> {
            int changed = runner.update(
                    Sql.RESUME_KEY,
                    coherence.revision(),
                    RowMapper.bytes(tenant.value()),
                    RowMapper.bytes(id),
                    now.toEpochMilli());
            return result(find(runner, tenant, id).key(), changed, coherence);
        });
    }

    @Override
    public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        return revocations.revokeAll(tenant, revocation);
    }

    @Override
    public BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        return revokeFound(
                Sql.FIND_IDS_OF_CREATOR,
                tenant,
                createdBy.name(),
                createdBy.kind().name(),
                revocation,
                limit);
    }

    @Override
    public BulkWriteResult revokeOwnedBy(TenantId tenant, KeyOwner owner, Revocation revocation, int limit) {
        return revokeFound(
                Sql.FIND_IDS_OF_OWNER, tenant, owner.name(), owner.kind().name(), revocation, limit);
    }

    private BulkWriteResult revokeFound(
            Sql find, TenantId tenant, String name, String kind, Revocation revocation, int limit) {
        byte[] tenantBytes = RowMapper.bytes(tenant.value());
        return database.revokeMany((runner, coherence) -> {
            List<byte[]> ids =
                    runner.query(JdbcKeyStore::id, find, tenantBytes, RowMapper.bytes(name), kind, tenantBytes, limit);
            runner.updateAll(
                    Sql.REVOKE_KEYS,
                    ids,
                    Stream.concat(Stream.of(coherence.revision()), Arrays.stream(RowMapper.revoke(revocation)))
                            .toArray());
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public BulkWriteResult purge(Instant inactiveBefore, int limit) {
        // A key revoked by a mark has no inactive_at until the sweep has stored it.
        revocations.completeSweeps();
        return database.writeMany(1, (runner, coherence) -> {
            runner.update(Sql.LOCK_MARKS);
            List<byte[]> ids = runner.query(
                    JdbcKeyStore::id, Sql.FIND_PURGEABLE, Long.MIN_VALUE, inactiveBefore.toEpochMilli(), limit);
            delete(runner, ids);
            EvictionStatements.ofKeys(runner, ids, coherence.revision());
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public BulkWriteResult purgeTenant(TenantId tenant, int limit) {
        byte[] tenantBytes = RowMapper.bytes(tenant.value());
        return database.writeMany(1, (runner, coherence) -> {
            runner.update(Sql.LOCK_MARKS);
            List<byte[]> ids = runner.query(JdbcKeyStore::id, Sql.FIND_IDS_OF_TENANT, tenantBytes, limit);
            delete(runner, ids);
            if (!ids.isEmpty()) {
                EvictionStatements.ofTenant(runner, tenant, coherence.revision());
            }
            if (ids.size() < limit) {
                TenantRevocations.delete(runner, tenantBytes, coherence.revision());
            }
            return BulkWriteResult.of(ids.size(), coherence.revision(), coherence.lease());
        });
    }

    @Override
    public void forgetEvictions(long revision) {
        database.writeWithoutRevision(runner -> runner.update(Sql.DELETE_EVICTIONS, revision));
    }

    @Override
    public Optional<UsageStore> usageStore() {
        return Optional.of(this);
    }

    @Override
    public void recordUsage(List<UsageDelta> deltas) {
        if (deltas.isEmpty()) {
            return;
        }
        database.writeWithoutRevision(runner -> {
            UsageStatements.record(runner, deltas);
            return true;
        });
    }

    @Override
    public List<StoredKey> claimExpiring(Instant now, Duration warning, int limit) {
        return expiryClaims.claim(now, warning, limit);
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        List<LookupSnapshot> rows = database.read(runner -> database.dialect().hasOrderedSnapshots()
                ? findByDigest(runner, digest)
                : findByDigestInOrder(runner, digest));
        LookupSnapshot any = first(rows);
        // Compared again: the unique index may have been dropped, or a trigger may have changed the digest.
        return LookupSnapshot.of(
                rows.stream()
                        .flatMap(row -> row.key().stream())
                        .filter(found -> found.digest().equals(digest))
                        .findFirst(),
                any.revision());
    }

    /** Reads the row of the key alone. While there are marks, which is rare, the statement that joins them is tried first. */
    private List<LookupSnapshot> findByDigest(StatementRunner runner, Digest digest) throws SQLException {
        Sql first = hasMarks ? Sql.FIND_MARKED_BY_DIGEST : Sql.FIND_BY_DIGEST;
        AtomicBoolean foundMark = new AtomicBoolean();
        List<LookupSnapshot> rows = findByDigest(runner, first, digest, foundMark);
        hasMarks = foundMark.get();
        return foundMark.get() && first == Sql.FIND_BY_DIGEST
                ? findByDigest(runner, Sql.FIND_MARKED_BY_DIGEST, digest, foundMark)
                : rows;
    }

    /**
     * Reads the row of the coherence table first, and the key in a later statement, which has all commits up to that revision. A
     * snapshot may have the deletion of a mark and lack an earlier write of another node: then the next one has it.
     */
    private List<LookupSnapshot> findByDigestInOrder(StatementRunner runner, Digest digest) throws SQLException {
        Database.Coherence before = database.readCoherence(runner);
        List<LookupSnapshot> rows = List.of();
        if (before.hasMarks()) {
            rows = findByDigest(runner, Sql.FIND_MARKED_BY_DIGEST, digest, new AtomicBoolean());
        }
        if (rows.stream().noneMatch(JdbcKeyStore::isRevoked)) {
            rows = findByDigest(runner, Sql.FIND_BY_DIGEST, digest, new AtomicBoolean());
        }
        return rows.stream().map(row -> upTo(before, row)).toList();
    }

    private static boolean isRevoked(LookupSnapshot row) {
        return row.key().filter(found -> found.key().revocation().isPresent()).isPresent();
    }

    private static List<LookupSnapshot> findByDigest(
            StatementRunner runner, Sql sql, Digest digest, AtomicBoolean foundMark) throws SQLException {
        return runner.query(
                row -> {
                    if (row.getLong(MARKS_COLUMN) != 0) {
                        foundMark.set(true);
                    }
                    return RowMapper.lookup(row, RowMapper::read, REVISION_COLUMN);
                },
                sql,
                (Object) digest.bytes());
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        return database.read(runner ->
                database.dialect().hasOrderedSnapshots() ? find(runner, tenant, id) : findInOrder(runner, tenant, id));
    }

    /** As {@link #findByDigestInOrder}. */
    private LookupSnapshot findInOrder(StatementRunner runner, TenantId tenant, KeyId id) throws SQLException {
        Database.Coherence before = database.readCoherence(runner);
        LookupSnapshot found = find(runner, tenant, id);
        if (before.hasMarks() && !isRevoked(found)) {
            found = find(runner, tenant, id);
        }
        return upTo(before, found);
    }

    /** Returns a result with the lower of two revisions: a proxy may have sent one of the statements to a lagging replica. */
    private static LookupSnapshot upTo(Database.Coherence before, LookupSnapshot found) {
        return LookupSnapshot.of(found.key(), Math.min(before.revision(), found.revision()));
    }

    @Override
    public List<StoredKey> list(KeySelection selection) {
        return database.read(runner -> ListStatement.list(runner, database.dialect(), selection));
    }

    @Override
    public Set<DigestOrigin> originsInUse(Instant now) {
        return database.read(runner -> DigestOriginQueries.ofActive(runner, now));
    }

    @Override
    public Map<DigestOrigin, Long> countByOrigin(Instant now) {
        Map<DigestOrigin, Long> counts = new HashMap<>();
        database.read(runner -> runner.query(
                        DigestOriginQueries::count, Sql.COUNT_ACTIVE_BY_ORIGIN, now.toEpochMilli(), now.toEpochMilli()))
                .forEach(count -> counts.merge(count.getKey(), count.getValue(), Long::sum));
        counts.values().removeIf(count -> count == 0);
        return Map.copyOf(counts);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        database.writeWithoutRevision(runner -> runner.update(Sql.SET_LEASE, lease.toMillis()));
        return new JdbcChangeFeed(database);
    }

    private static boolean isAtLimit(StatementRunner runner, ApiKey key, ActiveKeyLimits limits, Instant now)
            throws SQLException {
        byte[] tenant = RowMapper.bytes(key.tenant().value());
        long millis = now.toEpochMilli();
        if (limits.limitsTenant()) {
            int max = limits.maxOfTenant();
            long count = count(
                    runner,
                    Sql.COUNT_ACTIVE_OF_TENANT,
                    tenant,
                    tenant,
                    millis,
                    max,
                    tenant,
                    millis,
                    tenant,
                    millis,
                    max);
            if (count >= max) {
                return true;
            }
        }
        if (limits.limitsOwner()) {
            KeyOwner owner = key.owner().orElseThrow();
            byte[] name = RowMapper.bytes(owner.name());
            int max = limits.maxOfOwner();
            String kind = owner.kind().name();
            return count(runner, Sql.COUNT_ACTIVE_OF_OWNER, tenant, name, kind, millis, tenant, millis, max) >= max;
        }
        return false;
    }

    /** Counts keys up to a limit. */
    private static long count(StatementRunner runner, Sql sql, Object... values) throws SQLException {
        return runner.query(row -> row.getLong(1), sql, values).get(0);
    }

    /** Returns the row of a new key. Ignores the usage of the candidate, as {@link KeyStore#insert} requires. */
    private static StoredKey asInserted(StoredKey key, long revision) {
        ApiKey unused = StoredValues.keyBuilder(key.key()).usage(null).build();
        return key.changed(unused, revision).revised(revision, revision);
    }

    /** Inserts keys, each with the row of its usage. */
    private void insert(StatementRunner runner, List<StoredKey> keys) throws SQLException {
        try {
            runner.updateEach(
                    Sql.INSERT_KEY, keys.stream().map(RowMapper::write).toList());
            runner.updateEach(
                    Sql.INSERT_USAGE,
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

    private LookupSnapshot find(StatementRunner runner, TenantId tenant, KeyId id) throws SQLException {
        return first(runner.query(
                row -> RowMapper.lookup(row, UsageStatements::read, REVISION_COLUMN_AFTER_USAGE),
                Sql.FIND_BY_ID,
                RowMapper.bytes(tenant.value()),
                RowMapper.bytes(id)));
    }

    /** Returns the first row of a lookup. A lookup has one even if the key does not exist. */
    private LookupSnapshot first(List<LookupSnapshot> rows) {
        if (rows.isEmpty()) {
            throw database.missingRow();
        }
        return rows.get(0);
    }

    private static WriteResult result(Optional<StoredKey> row, int changedRows, Database.Coherence coherence) {
        return changedRows > 0
                ? WriteResult.changed(row.orElseThrow(), coherence.revision(), coherence.lease())
                : WriteResult.unchanged(row, coherence.revision(), coherence.lease());
    }

    private WriteResult change(StatementRunner runner, Database.Coherence coherence, ApiKey changed, Instant now)
            throws SQLException {
        int rows = runner.update(Sql.CHANGE_KEY, RowMapper.change(changed, coherence.revision(), now));
        Optional<StoredKey> row = find(runner, changed.tenant(), changed.id()).key();
        return result(row, rows, coherence);
    }

    private static void delete(StatementRunner runner, List<byte[]> ids) throws SQLException {
        runner.updateAll(Sql.DELETE_USAGE, ids);
        runner.updateAll(Sql.DELETE_KEYS, ids);
    }

    private static byte[] id(ResultSet row) throws SQLException {
        return row.getBytes(1);
    }
}
