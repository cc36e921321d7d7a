package dev.keywright.benchmarks.scale;

import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.Verified;
import dev.keywright.spi.Digest;
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
 * What is measured.
 *
 * @param store the store
 * @param pool what the store's connections come from, too
 * @param crowd the keys in it
 * @param verifier verifies keys that were issued in it, without a cache
 * @param issued the texts of some
 */
record Work(KeyStore store, DataSource pool, Crowd crowd, KeyVerifier verifier, List<String> issued) {

    static final int PAGE = 50;
    static final int PURGED = 100;
    static final int ENDING = 100;

    static final Scope SCOPE = Scope.of("read:people");

    private static final String SELECT = """
            SELECT id, tenant, digest, pepper, name, hint, scopes, created_at, created_by_kind, created_by_name, expires_at,
                revoked_at, revoked_by_kind, revoked_by_name, revoked_reason, insert_revision, change_revision, version,
                predecessor, successor, imported_as
            FROM keywright_key
            WHERE digest = ?""";

    /** What a back end would write that needs the same of a key and has no library. */
    Object[] select(Digest digest) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setBytes(1, digest.bytes());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("a key is not where it was put");
                }
                return new Object[] {
                    row.getBytes(1), row.getBytes(2), row.getBytes(3), row.getBytes(4), row.getString(5),
                    row.getString(6), row.getString(7), row.getLong(8), row.getString(9), row.getBytes(10),
                    row.getLong(11), row.getLong(12), row.getString(13), row.getString(14), row.getString(15),
                    row.getLong(16), row.getLong(17), row.getLong(18), row.getBytes(19), row.getBytes(20),
                    row.getBytes(21)
                };
            }
        }
    }

    StoredKey find(Digest digest) {
        return store.findByDigest(digest)
                .key()
                .orElseThrow(() -> new IllegalStateException("a key is not where it was put"));
    }

    /** {@return the text of any of the keys that were issued} */
    String anyIssued() {
        return issued.get(ThreadLocalRandom.current().nextInt(issued.size()));
    }

    /** What it would do to verify a key. */
    Object[] selectIssued(String text) throws SQLException {
        return select(Digest.of(Crowd.sha256(text)));
    }

    Verified verify(String text) {
        return verifier.verify(text, SCOPE).orElseThrow(rejected -> new IllegalStateException("a key is not accepted"));
    }

    /** A page from anywhere in a tenant's list. */
    List<StoredKey> list() {
        int number = crowd.any();
        TenantId tenant = crowd.tenant(number);
        return store.list(tenant, null, null, crowd.now(), new ListPosition(crowd.bornAt(number), 0), PAGE);
    }

    void purge() {
        require(store.purge(crowd.now(), PURGED).changed(), PURGED);
    }

    void takeEnding() {
        require(
                store.usageStore()
                        .orElseThrow()
                        .claimExpiring(crowd.now(), crowd.now().plus(Duration.ofDays(365)), ENDING)
                        .size(),
                ENDING);
    }

    private static void require(long found, int meant) {
        if (found < meant) {
            throw new IllegalStateException("only " + found + " of " + meant + " were left: that measures nothing");
        }
    }
}
