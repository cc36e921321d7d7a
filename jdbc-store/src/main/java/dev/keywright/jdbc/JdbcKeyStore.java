package dev.keywright.jdbc;

import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps API keys in a relational database: H2.
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
 * <p>A call ends within the time that the data source allows for a connection and the database for a lock and a statement;
 * set these, and a socket time-out where there is a network between.
 *
 * <p>An H2 database in a file wants two things in its URL, as in {@code jdbc:h2:async:./keys;WRITE_DELAY=0}. By default
 * H2 writes half a second late, and what was revoked in that time works again after a crash; and by default an interrupted
 * thread closes the file for all others. The store logs a warning where it finds either.
 *
 * <p>Safe for use by many threads, and any number of stores in any number of processes may share a database.
 */
public final class JdbcKeyStore implements KeyStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcKeyStore.class);

    private final Database database;
    private final Dialect dialect;

    private JdbcKeyStore(Database database, Dialect dialect) {
        this.database = database;
        this.dialect = dialect;
    }

    /**
     * Opens the store, once it has seen that the tables are as they should be.
     *
     * @param source where the keys are
     * @return the store
     * @throws IllegalArgumentException if the database is none that is supported
     * @throws IllegalStateException if a table, a column or the row that orders the writers is missing, or a column is not
     *     of the kind that it should be; the message names it, and says what to do
     * @throws StoreUnavailable if the database does not answer, or the data source is one of connections inside a
     *     transaction, or of read-only ones
     */
    public static JdbcKeyStore on(DataSource source) {
        Database database = new Database(Objects.requireNonNull(source));
        Dialect dialect = database.read(loan -> {
            if (loan.isReadOnly()) {
                throw new StoreUnavailable(
                        "the data source hands out read-only connections, which may lead to a replica that lags behind:"
                                + " give Keywright a DataSource of its own that can write",
                        null);
            }
            Dialect found = Dialect.of(loan.product());
            new Inspection(loan, found).defect().ifPresent(defect -> {
                throw new IllegalStateException(defect.sentence());
            });
            found.warnings(loan).forEach(LOG::warn);
            return found;
        });
        return new JdbcKeyStore(database, dialect);
    }

    @Override
    public Written insert(StoredKey key) {
        return database.write(key.key().id(), (loan, coherence) -> {
            long revision = coherence.revision();
            try {
                loan.update(Sql.INSERT, Rows.write(key, revision));
            } catch (SQLException e) {
                if (dialect.isDuplicate(e)) {
                    throw new DuplicateKey();
                }
                throw e;
            }
            return new Written(Optional.of(key.revised(revision, revision)), true, revision, coherence.lease());
        });
    }

    @Override
    public Written revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return database.write(id, (loan, coherence) -> {
            int changed = loan.update(
                    Sql.REVOKE,
                    revocation.at().toEpochMilli(),
                    revocation.by().kind().name(),
                    revocation.by().name(),
                    Rows.reason(revocation),
                    coherence.revision(),
                    Rows.bytes(tenant.value()),
                    Rows.bytes(id.value()));
            return new Written(find(loan, tenant, id), changed > 0, coherence.revision(), coherence.lease());
        });
    }

    @Override
    public Optional<StoredKey> findByDigest(Digest digest) {
        // Compared again: the unique index may be gone, or a trigger may have rewritten what we sent.
        return database.read(loan -> loan.query(Rows::read, Sql.FIND_BY_DIGEST, digest.bytes())).stream()
                .filter(found -> found.digest().equals(digest))
                .findFirst();
    }

    @Override
    public Optional<StoredKey> find(TenantId tenant, KeyId id) {
        return database.read(loan -> find(loan, tenant, id));
    }

    @Override
    public List<StoredKey> listActive(TenantId tenant, Instant now, @Nullable StoredKey after, int limit) {
        long created = after == null ? Long.MIN_VALUE : after.key().createdAt().toEpochMilli();
        long inserted = after == null ? Long.MIN_VALUE : after.insertedAt();
        byte[] whose = Rows.bytes(tenant.value());
        return database.read(loan ->
                loan.query(Rows::read, Sql.LIST_ACTIVE, whose, created, created, inserted, now.toEpochMilli(), limit));
    }

    @Override
    public Map<PepperId, Long> countActiveByPepper(Instant now) {
        return database.read(loan -> loan.query(Rows::count, Sql.COUNT_ACTIVE_BY_PEPPER, now.toEpochMilli())).stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Optional<StoredKey> find(Loan loan, TenantId tenant, KeyId id) throws SQLException {
        return loan.query(Rows::read, Sql.FIND, Rows.bytes(tenant.value()), Rows.bytes(id.value())).stream()
                .findFirst();
    }
}
