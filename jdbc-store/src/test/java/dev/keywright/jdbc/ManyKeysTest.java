package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.WrittenAll;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the contract cannot see of the writes that concern many keys, or two. */
class ManyKeysTest {

    private final DataSource source = H2.installed(H2.inMemory());
    private final KeyStore store = JdbcKeyStore.on(source);

    @Test
    void whatChangesManyKeysOrRemovesSomeSetsTheFloorAndNothingElseDoes() throws Exception {
        store.insert(Samples.key("first", 1), 5, NOW);
        store.insertAll(Samples.keys(0, 3));
        ApiKey first = store.find(NORTH, KeyId.of("first")).orElseThrow().key();
        store.change(first, NOW);
        store.replace(first.toBuilder().version(2).build(), Samples.key("second", 2), NOW);
        store.revoke(NORTH, KeyId.of("second"), REVOCATION);
        assertThat(floor()).isZero();

        WrittenAll revoked = store.revokeAll(NORTH, REVOCATION);
        assertThat(revoked.changed()).isEqualTo(4);
        assertThat(floor()).isEqualTo(revoked.revision());

        WrittenAll purged = store.purge(NOW.plusMillis(1), 2);
        assertThat(purged.changed()).isEqualTo(2);
        assertThat(purged.revision()).isGreaterThan(revoked.revision());
        assertThat(floor()).isEqualTo(purged.revision());
    }

    @Test
    void whatIsKnownOfTheUseOfAKeyGoesWithIt() throws Exception {
        store.insertAll(Samples.keys(0, 1200));
        store.insert(Samples.key("stays", 1), UNLIMITED, NOW.plusSeconds(1));
        store.revokeAll(NORTH, REVOCATION);
        store.insert(Samples.key("lives", 2), UNLIMITED, NOW.plusSeconds(1));
        H2.run(source, "UPDATE keywright_key SET ended_at = ended_at + 1 WHERE id = X'7374617973'");

        assertThat(store.purge(NOW.plusMillis(1), 5000).changed()).isEqualTo(1200);

        assertThat(H2.ask(source, "SELECT LISTAGG(key_id, ',') WITHIN GROUP (ORDER BY key_id) FROM keywright_use"))
                .isEqualTo("lives,stays");
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key")).isEqualTo(2);
    }

    @Test
    void whenAKeyEndedIsWhatComesFirstHoweverItCameToBe() throws Exception {
        store.insert(Samples.stored(Samples.key("1").endsAt(NOW.plusSeconds(10)), 1), UNLIMITED, NOW);
        store.insert(Samples.stored(Samples.key("2").endsAt(NOW.minusSeconds(10)), 2), UNLIMITED, NOW);
        store.insert(Samples.key("3", 3), UNLIMITED, NOW);
        store.insert(Samples.key("4", 4), UNLIMITED, NOW);
        ApiKey fourth = store.find(NORTH, KeyId.of("4")).orElseThrow().key();
        store.change(fourth.toBuilder().endsAt(NOW.plusSeconds(20)).build(), NOW);
        store.insert(Samples.stored(Samples.key("5").revocation(REVOCATION), 5), UNLIMITED, NOW);
        assertThat(endedAt()).isEqualTo("1=10 2=-10 3=none 4=20 5=0");

        store.revoke(NORTH, KeyId.of("1"), REVOCATION);
        store.revoke(NORTH, KeyId.of("2"), REVOCATION);
        store.revoke(NORTH, KeyId.of("3"), REVOCATION);
        ApiKey changed = fourth.toBuilder().version(2).revocation(REVOCATION).build();
        store.change(changed, NOW);
        assertThat(endedAt()).isEqualTo("1=0 2=-10 3=0 4=0 5=0");
    }

    @Test
    void manyAreInsertedInAHandfulOfStatementsOfWhichTheFirstTakesTheirRevisions() throws Exception {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(Tampered.watched(source, statements));
        statements.clear();

        watched.insertAll(Samples.keys(0, 1000));

        assertThat(statements)
                .hasSize(6)
                .startsWith(Sql.TAKE_REVISIONS.text())
                .endsWith(Sql.INSERT.text(), Sql.INSERT_USE.text());
        assertThat(H2.number(source, "SELECT revision FROM keywright_coherence"))
                .isEqualTo(1000);
    }

    @Test
    void whereNothingIsToBeInsertedOrRecordedNothingIsAskedOfTheDatabase() throws Exception {
        H2.run(source, "SHUTDOWN");

        assertThat(store.insertAll(List.of())).isEmpty();
        store.recordUses(List.of(), NOW);
    }

    @Test
    void ofAnInsertThatMeetsADuplicateNothingStays() throws Exception {
        store.insertAll(Samples.keys(0, 2));
        List<StoredKey> keys = Stream.concat(Samples.keys(2, 900).stream(), Stream.of(Samples.key("key00000", 9)))
                .toList();

        assertThatThrownBy(() -> store.insertAll(keys))
                .isInstanceOf(DuplicateKey.class)
                .hasNoCause();

        expectTwoUntouchedKeys();
    }

    @Test
    void ofARotationWhoseSuccessorCannotBeInsertedNothingStays() throws Exception {
        store.insertAll(Samples.keys(0, 2));
        StoredKey old = store.find(NORTH, KeyId.of("key00000")).orElseThrow();
        ApiKey rotated = old.key().toBuilder().successor(KeyId.of("key00001")).build();

        assertThatThrownBy(() -> store.replace(rotated, Samples.key("key00001", 9), NOW))
                .isInstanceOf(DuplicateKey.class)
                .hasNoCause();

        expectTwoUntouchedKeys();
        assertThat(store.find(NORTH, KeyId.of("key00000"))).contains(old);
    }

    @Test
    void everyWriteToKeysTakesItsRevisionFirst() {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(Tampered.watched(source, statements));
        ApiKey key = store.insert(Samples.key("first", 1), UNLIMITED, NOW)
                .key()
                .orElseThrow()
                .key();
        List<Runnable> writes = List.of(
                () -> watched.insert(Samples.key("second", 2), 5, NOW),
                () -> watched.insertAll(Samples.keys(0, 2)),
                () -> watched.change(key, NOW),
                () -> watched.replace(key, Samples.key("third", 3), NOW),
                () -> watched.revoke(NORTH, key.id(), REVOCATION),
                () -> watched.revokeAll(NORTH, REVOCATION),
                () -> watched.purge(NOW, 5));

        for (Runnable write : writes) {
            statements.clear();
            write.run();
            assertThat(statements).startsWith(Sql.TAKE_REVISIONS.text()).containsOnlyOnce(Sql.TAKE_REVISIONS.text());
        }
    }

    private void expectTwoUntouchedKeys() throws SQLException {
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key")).isEqualTo(2);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_use")).isEqualTo(2);
        assertThat(H2.number(source, "SELECT revision FROM keywright_coherence"))
                .isEqualTo(2);
    }

    private long floor() throws SQLException {
        return H2.number(source, "SELECT floor FROM keywright_coherence");
    }

    /** When each key ended, in seconds from now. */
    private String endedAt() throws SQLException {
        return H2.ask(
                source,
                "SELECT LISTAGG(id || '=' || COALESCE(CAST((ended_at - " + NOW.toEpochMilli()
                        + ") / 1000 AS VARCHAR), 'none'), ' ') WITHIN GROUP (ORDER BY id) FROM keywright_key");
    }
}
