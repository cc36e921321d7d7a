package dev.keywright.benchmarks.scale;

import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.Verified;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * The operations that are measured.
 *
 * @param store the store
 * @param pool the store's connection pool
 * @param keys the keys in it
 * @param verifier a verifier without a cache
 * @param issued the texts of some keys
 */
record StoreOperations(KeyStore store, DataSource pool, GeneratedKeys keys, KeyVerifier verifier, List<String> issued) {

    static final int PAGE_SIZE = 50;
    static final int PURGED = 100;
    static final int CLAIMED = 100;

    static final Scope SCOPE = Scope.of("read:people");

    private static final String SELECT = """
            SELECT id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, expires_at,
                revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, insert_revision, change_revision, version,
                predecessor, successor, format, lifetime_millis, environment, owner_kind, owner_name, description, attributes,
                issue_request, suspended_at, suspended_by_kind, suspended_by_name, suspended_reason
            FROM keywright_key
            WHERE digest = ?""";

    /** The baseline: the same columns by one prepared statement. */
    Object[] select(Digest digest) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setBytes(1, digest.bytes());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the key is missing");
                }
                return new Object[] {
                    row.getBytes(1), row.getBytes(2), row.getBytes(3), row.getBytes(4), row.getString(5),
                    row.getString(6), row.getString(7), row.getLong(8), row.getString(9), row.getBytes(10),
                    row.getLong(11), row.getLong(12), row.getString(13), row.getString(14), row.getString(15),
                    row.getLong(16), row.getLong(17), row.getLong(18), row.getBytes(19), row.getBytes(20),
                    row.getBytes(21), row.getLong(22), row.getString(23), row.getString(24), row.getBytes(25),
                    row.getString(26), row.getString(27), row.getBytes(28), row.getLong(29), row.getString(30),
                    row.getString(31), row.getString(32)
                };
            }
        }
    }

    StoredKey find(Digest digest) {
        return store.findByDigest(digest).key().orElseThrow(() -> new IllegalStateException("the key is missing"));
    }

    /** {@return the text of an issued key, at random} */
    String anyIssued() {
        return issued.get(ThreadLocalRandom.current().nextInt(issued.size()));
    }

    /** The baseline of {@link #verify}. */
    Object[] selectIssued(String text) throws SQLException {
        return select(Digest.of(GeneratedKeys.sha256(text)));
    }

    Verified verify(String text) {
        return verifier.verify(text, SCOPE)
                .orElseThrow(rejected -> new IllegalStateException("the key was rejected: " + rejected));
    }

    /** Lists a page from the middle of a tenant's list. */
    List<StoredKey> list() {
        int number = keys.any();
        TenantId tenant = keys.tenant(number);
        return store.list(KeySelection.of(tenant, KeyQuery.all(), keys.now(), PAGE_SIZE)
                .after(ListPosition.at(keys.createdAt(number), 0)));
    }

    void purge() {
        require(store.purge(keys.now(), PURGED).changed(), PURGED);
    }

    void claimExpiring() {
        require(
                store.usageStore()
                        .orElseThrow()
                        .claimExpiring(keys.now(), Duration.ofDays(365), CLAIMED)
                        .size(),
                CLAIMED);
    }

    private static void require(long actual, int expected) {
        if (actual < expected) {
            throw new IllegalStateException("only " + actual + " of " + expected + " keys were left");
        }
    }
}
