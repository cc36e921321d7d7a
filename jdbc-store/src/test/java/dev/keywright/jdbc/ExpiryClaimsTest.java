package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.KeyId;
import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.Digest;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Claims of expiring keys, beyond the contract of a store. */
class ExpiryClaimsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final DataSource source = H2.installed(H2.inMemory("LOCK_TIMEOUT=200"));
    private final JdbcKeyStore store = JdbcKeyStore.on(source);

    @Test
    void expiringKeyIsClaimedByOneNode() {
        List<StoredKey> expiring = IntStream.range(10, 20)
                .mapToObj(i -> Samples.stored(Samples.key("key" + i).expiresAt(NOW.plusSeconds(i)), i))
                .toList();
        store.insertAll(Samples.candidates(expiring));
        List<StoredKey> first = new ArrayList<>();
        JdbcKeyStore late = JdbcKeyStore.on(InterceptedDataSource.before(
                source, "SET expiry_warning_millis", () -> first.addAll(store.claimExpiring(NOW, MINUTE, 3))));

        List<StoredKey> second = late.claimExpiring(NOW, MINUTE, 4);

        assertThat(ids(first)).containsExactly("key10", "key11", "key12");
        assertThat(ids(second)).containsExactly("key13", "key14", "key15", "key16");
        assertThat(ids(store.claimExpiring(NOW, MINUTE, 9))).containsExactly("key17", "key18", "key19");
    }

    @Test
    void damagedKeyDoesNotBlockClaims() throws Exception {
        store.insertAll(Samples.candidates(IntStream.range(10, 13)
                .mapToObj(i -> Samples.stored(Samples.key("key" + i).expiresAt(NOW.plusSeconds(i)), i))
                .toList()));
        H2.run(source, "UPDATE keywright_key SET scopes = 'two  blanks' WHERE id = CAST('key10' AS VARBINARY)");

        assertThat(ids(store.claimExpiring(NOW, MINUTE, 1))).containsExactly("key11");
        assertThat(ids(store.claimExpiring(NOW, MINUTE, 9))).containsExactly("key12");
        assertThat(store.claimExpiring(NOW, MINUTE, 9)).isEmpty();
    }

    @Test
    void failedClaimIsTakenOver() throws Exception {
        store.insert(Samples.stored(Samples.key("third").expiresAt(NOW.plusSeconds(5)), 3), UNLIMITED, NOW);
        JdbcKeyStore patient = JdbcKeyStore.on(source);
        try (Connection other = source.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE keywright_usage SET expiry_warning_millis = 1");

            assertThatThrownBy(() -> patient.claimExpiring(NOW, MINUTE, 1))
                    .isInstanceOf(StoreUnavailableException.class);
            other.rollback();
        }
        assertThat(ids(patient.claimExpiring(NOW, MINUTE, 1))).containsExactly("third");
    }

    @Test
    void claimedKeysAreReadAgainAfterAnHour() throws Exception {
        insert("key", 3600);
        assertThat(ids(store.claimExpiring(NOW, Duration.ofHours(2), 9))).containsExactly("key");
        forgetClaims();

        assertThat(store.claimExpiring(NOW.plusSeconds(3599), Duration.ofHours(2), 9))
                .isEmpty();
        assertThat(ids(store.claimExpiring(NOW.plusSeconds(3600).minusMillis(1), Duration.ofHours(1), 9)))
                .as("another warning")
                .containsExactly("key");
        forgetClaims();
        insert("later", 9000);
        assertThat(ids(store.claimExpiring(NOW.plusSeconds(3600), Duration.ofHours(2), 9)))
                .as("the key has expired meanwhile")
                .containsExactly("later");
    }

    @Test
    void keyIsClaimedOnceItsExpiryHasComeWithinTheWarning() throws Exception {
        insert("first", 60);
        insert("second", 61);
        assertThat(ids(store.claimExpiring(NOW, MINUTE, 9))).containsExactly("first");
        forgetClaims();

        assertThat(ids(store.claimExpiring(NOW.plusSeconds(1), MINUTE, 9))).containsExactly("second");
    }

    @Test
    void keyThatAnotherStoreInsertsOrChangesIsClaimed() {
        insert("changed", 600);
        assertThat(store.claimExpiring(NOW, MINUTE, 9)).isEmpty();
        JdbcKeyStore other = JdbcKeyStore.on(source);
        other.insert(Samples.stored(Samples.key("inserted").expiresAt(NOW.plusSeconds(5)), 2), UNLIMITED, NOW);
        other.change(
                StoredValues.keyBuilder(store.find(NORTH, KeyId.of("changed"))
                                .key()
                                .orElseThrow()
                                .key())
                        .expiresAt(NOW.plusSeconds(6))
                        .build(),
                NOW);

        assertThat(ids(store.claimExpiring(NOW, MINUTE, 1))).containsExactly("inserted");
        assertThat(ids(store.claimExpiring(NOW, MINUTE, 9))).containsExactly("changed");
    }

    @Test
    void keyBeyondTheWindowOfAClockThatWasSetBackIsClaimedLater() {
        assertThat(store.claimExpiring(NOW, MINUTE, 9)).isEmpty();
        assertThat(store.claimExpiring(NOW.plusSeconds(10), MINUTE, 9)).isEmpty();
        insert("key", 65);
        assertThat(store.claimExpiring(NOW.plusSeconds(2), MINUTE, 9)).isEmpty();

        assertThat(ids(store.claimExpiring(NOW.plusSeconds(10), MINUTE, 9))).containsExactly("key");
    }

    @Test
    void keysThatExpireAtTheSameInstantAreClaimedInSteps() throws Exception {
        IntStream.range(0, 5).forEach(i -> insert("key" + i, 10));
        List<String> claimed = new ArrayList<>(ids(store.claimExpiring(NOW, MINUTE, 2)));
        claimed.addAll(ids(store.claimExpiring(NOW, MINUTE, 2)));
        claimed.addAll(ids(store.claimExpiring(NOW, MINUTE, 2)));

        assertThat(claimed).containsExactlyInAnyOrder("key0", "key1", "key2", "key3", "key4");
    }

    @Test
    void claimContinuesAfterTheLastKeyOfALimitedOne() throws Exception {
        IntStream.range(0, 5).forEach(i -> insert("key" + i, 10 + i));
        assertThat(ids(store.claimExpiring(NOW, MINUTE, 2))).containsExactly("key0", "key1");
        forgetClaims();

        assertThat(ids(store.claimExpiring(NOW, MINUTE, 9))).containsExactly("key1", "key2", "key3", "key4");
    }

    @Test
    void allKeysAreReadAfterAFailOverThatLostCommits() throws Exception {
        insert("first", 10);
        insert("second", 11);
        assertThat(store.claimExpiring(NOW, MINUTE, 9)).hasSize(2);
        forgetClaims();
        H2.run(source, "UPDATE keywright_coherence SET revision = 1");

        assertThat(store.claimExpiring(NOW, MINUTE, 9)).hasSize(2);
    }

    @Test
    void failedClaimIsNoProgress() throws Exception {
        insert("key", 10);
        JdbcKeyStore failing = JdbcKeyStore.on(InterceptedDataSource.before(source, "SET expiry_warning_millis", () -> {
            throw new IllegalStateException("interrupted");
        }));
        assertThatThrownBy(() -> failing.claimExpiring(NOW, MINUTE, 9)).hasMessage("interrupted");

        assertThat(ids(failing.claimExpiring(NOW, MINUTE, 9))).containsExactly("key");
    }

    private void insert(String id, int expiresAfterSeconds) {
        store.insertAll(Samples.candidates(List.of(StoredKey.unsaved(
                Samples.key(id).expiresAt(NOW.plusSeconds(expiresAfterSeconds)).build(),
                Digest.of(Arrays.copyOf(RowMapper.bytes(id), Digest.LENGTH)),
                Samples.PEPPER,
                "ck_"))));
    }

    /** Edits the usage by hand, which no statement of the store can notice but one that reads all keys. */
    private void forgetClaims() throws SQLException {
        H2.run(source, "UPDATE keywright_usage SET expiry_warning_millis = NULL");
    }

    private static List<String> ids(List<StoredKey> keys) {
        return keys.stream().map(stored -> stored.key().id().value()).toList();
    }
}
