package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.LookupSnapshot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A snapshot of MariaDB may have a commit without an earlier one, so polls and lookups read the revision first. Commits between
 * their statements stand for such snapshots, which cannot be provoked at will.
 */
@Tag("mariadb")
class UnorderedSnapshotsTest extends DatabaseTestCase {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final String CHANGES = "insert_revision < change_revision";
    private static final String LOOKUP = "LEFT JOIN keywright_key k ON";
    private static final String NOT_REVOKED = "UPDATE keywright_key SET revoked_at = NULL, revoked_by_kind = NULL,"
            + " revoked_by_name = NULL, revoked_reason = NULL, inactive_at = NULL";
    private static final KeyId FIRST = KeyId.of("first");

    UnorderedSnapshotsTest() {
        super(TestDatabase.MARIADB);
    }

    private ApiKey inserted() {
        return store.insert(Samples.key("first", 1), UNLIMITED, NOW)
                .key()
                .orElseThrow()
                .key();
    }

    private JdbcKeyStore before(String statement, Runnable action) {
        return JdbcKeyStore.on(InterceptedDataSource.before(pool, statement, action));
    }

    @Test
    void pollListsAKeyThatChangesAgainMeanwhile() {
        ApiKey key = inserted();
        long applied = store.find(NORTH, FIRST).revision();
        long changed = store.change(key, NOW).revision();
        JdbcKeyStore other = before(CHANGES, () -> store.revoke(NORTH, FIRST, REVOCATION));

        try (ChangeFeed feed = other.openChangeFeed(LEASE)) {
            Changes first = feed.poll(applied, 10);
            Changes second = feed.poll(first.through(), 10);

            assertThat(first.head()).isEqualTo(changed);
            assertThat(first.through()).isEqualTo(changed);
            assertThat(first.keys()).containsExactly(FIRST);
            assertThat(second.head()).isEqualTo(changed + 1);
            assertThat(second.keys()).containsExactly(FIRST);
        }
    }

    /** The key of the first change, which also has the last one, is cut off. */
    @Test
    void fullPageIsFollowedByAnother() {
        KeyId changedTwice = KeyId.of("key00000");
        store.insertAll(Samples.candidates(Samples.keys(0, 3)));
        ApiKey key = store.find(NORTH, changedTwice).key().orElseThrow().key();
        long applied = store.find(NORTH, changedTwice).revision();
        store.change(key, NOW);
        JdbcKeyStore other = before(CHANGES, () -> {
            store.revoke(NORTH, KeyId.of("key00001"), REVOCATION);
            store.revoke(NORTH, KeyId.of("key00002"), REVOCATION);
            store.revoke(NORTH, changedTwice, REVOCATION);
        });

        try (ChangeFeed feed = other.openChangeFeed(LEASE)) {
            Changes page = feed.poll(applied, 2);

            assertThat(page.through()).isEqualTo(applied + 1);
            assertThat(page.keys()).doesNotContain(changedTwice);
            assertThat(page.isPartial()).isTrue();
            assertThat(feed.poll(page.through(), 10).keys()).contains(changedTwice);
        }
    }

    @Test
    void lookupHasTheRevisionOfALaggingReplica() throws Exception {
        inserted();
        for (Function<JdbcKeyStore, LookupSnapshot> lookup : lookups()) {
            long revision = lookup.apply(store).revision();
            JdbcKeyStore other = before(LOOKUP, () -> run("UPDATE keywright_coherence SET revision = revision - 1"));

            assertThat(lookup.apply(other).revision()).isEqualTo(revision - 1);
        }
    }

    private void run(String statement) {
        try {
            H2.run(pool, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void lookupHasTheRevisionBeforeItsKey() throws Exception {
        inserted();
        for (Function<JdbcKeyStore, LookupSnapshot> lookup : lookups()) {
            H2.run(pool, NOT_REVOKED);
            long revision = lookup.apply(store).revision();
            JdbcKeyStore other = before(LOOKUP, () -> store.revoke(NORTH, FIRST, REVOCATION));

            LookupSnapshot found = lookup.apply(other);

            assertThat(isRevoked(found)).isTrue();
            assertThat(found.revision()).isEqualTo(revision);
        }
    }

    /** A snapshot may have the deletion of a mark and lack an earlier write. */
    @Test
    void lookupFindsTheRevocationOfAMarkThatIsSweptMeanwhile() throws Exception {
        ApiKey key = inserted();
        for (Function<JdbcKeyStore, LookupSnapshot> lookup : lookups()) {
            H2.run(
                    pool,
                    NOT_REVOKED,
                    "INSERT INTO keywright_tenant SELECT tenant, 99, 1, 'JOB', 'a', 'b', 0 FROM keywright_key",
                    "UPDATE keywright_coherence SET marks = 1");
            AtomicInteger reads = new AtomicInteger();
            JdbcKeyStore other = JdbcKeyStore.on(InterceptedDataSource.onConnections(pool, (method, args, call) -> {
                if (method.equals("prepareStatement") && InterceptedDataSource.mentions(args, LOOKUP)) {
                    if (reads.incrementAndGet() == 1) {
                        H2.run(pool, "DELETE FROM keywright_tenant");
                    } else {
                        H2.run(pool, "UPDATE keywright_coherence SET marks = 0");
                        store.revoke(NORTH, key.id(), REVOCATION);
                    }
                }
                return call.call();
            }));

            assertThat(isRevoked(lookup.apply(other))).isTrue();
            assertThat(reads).hasValue(2);
        }
    }

    private static List<Function<JdbcKeyStore, LookupSnapshot>> lookups() {
        return List.of(store -> store.findByDigest(Samples.digest(1)), store -> store.find(NORTH, FIRST));
    }

    private static boolean isRevoked(LookupSnapshot found) {
        return found.key().orElseThrow().key().revocation().isPresent();
    }
}
