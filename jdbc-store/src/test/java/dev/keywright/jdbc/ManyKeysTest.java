package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Suspension;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Writes to several keys, beyond the contract of a store. */
class ManyKeysTest {

    private final DataSource source = H2.installed(H2.inMemory());
    private final KeyStore store = JdbcKeyStore.on(source);

    @Test
    void onlyTenantWideWritesAndDeletionsRecordEvictions() throws Exception {
        store.insert(Samples.key("first", 1), ofTenant(5), NOW);
        insertAll(0, 3);
        ApiKey first = found("first").key();
        store.change(first, NOW);
        store.replace(StoredValues.keyBuilder(first).version(2).build(), Samples.key("second", 2), NOW);
        store.revoke(NORTH, KeyId.of("second"), REVOCATION);
        store.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 1);
        assertThat(evictions()).isEqualTo("none");

        store.revokeAll(NORTH, REVOCATION);
        assertThat(evictions()).isEqualTo("1 north 9");
        store.revokeAll(NORTH, REVOCATION);
        store.purge(NOW, 2);
        assertThat(evictions()).isEqualTo("1 north 9");
        store.purge(NOW.plusMillis(1), 1);
        assertThat(evictions()).contains("1 north 9").contains(" 12").startsWith("0 ");
        store.purgeTenant(NORTH, 500);
        assertThat(evictions()).contains("1 north 13").doesNotContain("1 north 9");
    }

    @Test
    void markIsGoneOnceAllKeysAreSwept() throws Exception {
        insertAll(0, 1200);

        assertThat(store.revokeAll(NORTH, REVOCATION).changed()).isEqualTo(1200);

        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_tenant")).isZero();
        assertThat(H2.number(source, "SELECT marks FROM keywright_coherence")).isZero();
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key WHERE revoked_at IS NULL"))
                .isZero();
    }

    /** Fails after the mark and one chunk of the sweep. */
    @Test
    void interruptedSweepChangesNoResult() throws Exception {
        insertAll(0, 1200);
        AtomicInteger sweeps = new AtomicInteger();

        BulkWriteResult written = failingAtSweep(sweeps, 2).revokeAll(NORTH, REVOCATION);
        store.insert(Samples.stored(Samples.key("later").expiresAt(NOW.plusSeconds(1)), 1), UNLIMITED, NOW);

        assertThat(written.changed()).isEqualTo(1200);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key WHERE revoked_at IS NULL"))
                .isEqualTo(701);
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.revoked(), 2000)))
                .hasSize(1200)
                .allSatisfy(key -> {
                    assertThat(key.key().revocation()).contains(REVOCATION);
                    assertThat(key.key().version()).isEqualTo(2);
                    assertThat(store.findByDigest(key.digest()).key()).contains(key);
                    assertThat(found(key.key().id().value())).isEqualTo(key);
                });
        assertThat(H2.number(source, "SELECT marks FROM keywright_coherence")).isEqualTo(1);
        ApiKey marked = found("key01199").key();
        assertThat(store.change(StoredValues.keyBuilder(marked).revocation(null).build(), NOW)
                        .changed())
                .isFalse();
        assertThat(store.revoke(NORTH, marked.id(), REVOCATION).changed()).isFalse();
        assertThat(store.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 500).changed())
                .isEqualTo(1);
        assertThat(store.countByOrigin(NOW)).isEmpty();
        assertThat(store.originsInUse(NOW)).isEmpty();
        assertThat(store.insert(Samples.key("one", 2), ofTenant(1), NOW).changed())
                .isTrue();
        assertThat(store.countByOrigin(NOW).values()).containsExactly(1L);
    }

    @Test
    void keyThatAMarkRevokesIsNeitherSuspendedNorResumed() throws Exception {
        KeyOwner owner = KeyOwner.service("payroll");
        Suspension suspension = new Suspension(NOW, REVOCATION.by(), "perhaps leaked");
        store.insert(Samples.stored(Samples.key("owned").owner(owner), 1), UNLIMITED, NOW);
        store.insert(Samples.stored(Samples.key("suspended").suspension(suspension), 2), UNLIMITED, NOW);
        failingAtSweep(new AtomicInteger(), 1).revokeAll(NORTH, REVOCATION);
        assertThat(H2.number(source, "SELECT marks FROM keywright_coherence")).isEqualTo(1);
        StoredKey owned = found("owned");
        StoredKey suspended = found("suspended");

        assertThat(store.suspend(NORTH, owned.key().id(), suspension, NOW).changed())
                .isFalse();
        assertThat(store.resume(NORTH, suspended.key().id(), NOW).changed()).isFalse();
        assertThat(store.revokeOwnedBy(NORTH, owner, REVOCATION, 500).changed()).isZero();

        assertThat(found("owned")).isEqualTo(owned);
        assertThat(found("suspended")).isEqualTo(suspended);
    }

    @Test
    void nextRevocationOfAllKeysCompletesAnInterruptedSweep() throws Exception {
        insertAll(0, 600);
        failingAtSweep(new AtomicInteger(), 1).revokeAll(NORTH, REVOCATION);
        store.insert(Samples.key("later", 1), UNLIMITED, NOW);
        Revocation again = new Revocation(NOW.plusSeconds(1), REVOCATION.by(), "again");

        assertThat(store.revokeAll(NORTH, again).changed()).isEqualTo(1);

        assertThat(found("key00000").key().revocation()).contains(REVOCATION);
        assertThat(found("later").key().revocation()).contains(again);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_tenant")).isZero();
    }

    @Test
    void purgeCompletesAnInterruptedSweep() throws Exception {
        insertAll(0, 600);
        failingAtSweep(new AtomicInteger(), 1).revokeAll(NORTH, REVOCATION);

        assertThat(store.purge(NOW.plusMillis(1), 500).changed()).isEqualTo(500);
        assertThat(store.purge(NOW.plusMillis(1), 500).changed()).isEqualTo(100);
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_tenant")).isZero();
    }

    @Test
    void purgedTenantLeavesNoMark() throws Exception {
        insertAll(0, 600);
        failingAtSweep(new AtomicInteger(), 1).revokeAll(NORTH, REVOCATION);

        store.purgeTenant(NORTH, 500);
        assertThat(store.list(Samples.selection(NORTH, KeyQuery.revoked(), 500)))
                .hasSize(100);
        store.purgeTenant(NORTH, 500);

        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_tenant")).isZero();
        assertThat(H2.number(source, "SELECT marks FROM keywright_coherence")).isZero();
        insertAll(0, 1);
        assertThat(found("key00000").key().revocation()).isEmpty();
    }

    @Test
    void outcomeIsUnknownOnlyForTheCommitOfTheMark() {
        insertAll(0, 600);
        AtomicInteger commits = new AtomicInteger();
        KeyStore lost = JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (method.equals("commit") && commits.incrementAndGet() > 1) {
                throw new SQLException("connection reset", "08006");
            }
            return real.call();
        }));

        assertThat(lost.revokeAll(NORTH, REVOCATION).changed()).isEqualTo(600);
        assertThat(commits.get()).isGreaterThan(1);
        assertThat(store.countByOrigin(NOW)).isEmpty();
        // The sweep of an earlier revocation fails: nothing has changed.
        store.insert(Samples.key("later", 1), UNLIMITED, NOW);
        assertThatThrownBy(() -> lost.revokeAll(NORTH, REVOCATION)).isInstanceOf(StoreUnavailableException.class);
        assertThat(found("later").key().revocation()).isEmpty();
    }

    @Test
    void manyKeysAreCountedAfterTheTransaction() {
        int keys = TenantRevocations.MAX_COUNTED_EXACTLY + 500;
        for (int i = 0; i < keys; i += 500) {
            insertAll(i, i + 500);
        }

        assertThat(store.revokeAll(NORTH, REVOCATION).changed()).isEqualTo(keys);
        assertThat(store.countByOrigin(NOW)).isEmpty();
    }

    private KeyStore failingAtSweep(AtomicInteger sweeps, int failing) {
        return JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (method.equals("prepareStatement")
                    && InterceptedDataSource.mentions(args, "SET sweeps = sweeps + 1")
                    && sweeps.incrementAndGet() >= failing) {
                throw new SQLException("connection reset", "08006");
            }
            return real.call();
        }));
    }

    private void insertAll(int from, int to) {
        store.insertAll(Samples.candidates(Samples.keys(from, to)));
    }

    private StoredKey found(String id) {
        return store.find(NORTH, KeyId.of(id)).key().orElseThrow();
    }

    private String evictions() throws SQLException {
        return H2.ask(
                source,
                "SELECT COALESCE(LISTAGG(kind || ' ' || subject || ' ' || revision, ', ')"
                        + " WITHIN GROUP (ORDER BY kind, revision), 'none') FROM keywright_eviction");
    }

    @Test
    void usageIsDeletedWithTheKey() throws Exception {
        store.insertAll(Samples.candidates(Samples.keys(0, 1200)));
        store.insert(Samples.key("stays", 1), UNLIMITED, NOW.plusSeconds(1));
        store.revokeAll(NORTH, REVOCATION);
        store.insert(Samples.key("lives", 2), UNLIMITED, NOW.plusSeconds(1));
        H2.run(source, "UPDATE keywright_key SET inactive_at = inactive_at + 1 WHERE id = X'7374617973'");

        assertThat(store.purge(NOW.plusMillis(1), 5000).changed()).isEqualTo(1200);

        assertThat(H2.ask(source, "SELECT LISTAGG(key_id, ',') WITHIN GROUP (ORDER BY key_id) FROM keywright_usage"))
                .isEqualTo("lives,stays");
        assertThat(H2.number(source, "SELECT COUNT(*) FROM keywright_key")).isEqualTo(2);
    }

    @Test
    void inactiveAtIsTheEarlierOfRevocationAndExpiry() throws Exception {
        store.insert(Samples.stored(Samples.key("1").expiresAt(NOW.plusSeconds(10)), 1), UNLIMITED, NOW);
        store.insert(Samples.stored(Samples.key("2").expiresAt(NOW.minusSeconds(10)), 2), UNLIMITED, NOW);
        store.insert(Samples.key("3", 3), UNLIMITED, NOW);
        store.insert(Samples.key("4", 4), UNLIMITED, NOW);
        ApiKey fourth = store.find(NORTH, KeyId.of("4")).key().orElseThrow().key();
        store.change(
                StoredValues.keyBuilder(fourth).expiresAt(NOW.plusSeconds(20)).build(), NOW);
        store.insert(Samples.stored(Samples.key("5").revocation(REVOCATION), 5), UNLIMITED, NOW);
        assertThat(inactiveAt()).isEqualTo("1=10 2=-10 3=none 4=20 5=0");

        store.revoke(NORTH, KeyId.of("1"), REVOCATION);
        store.revoke(NORTH, KeyId.of("2"), REVOCATION);
        store.revoke(NORTH, KeyId.of("3"), REVOCATION);
        ApiKey changed = StoredValues.keyBuilder(fourth)
                .version(2)
                .revocation(REVOCATION)
                .build();
        store.change(changed, NOW);
        assertThat(inactiveAt()).isEqualTo("1=0 2=-10 3=0 4=0 5=0");
    }

    @Test
    void bulkInsertTakesFewStatementsAndItsRevisionsFirst() throws Exception {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(InterceptedDataSource.recording(source, statements));
        statements.clear();

        watched.insertAll(Samples.candidates(Samples.keys(0, 1000)));

        assertThat(statements)
                .hasSize(6)
                .startsWith(Sql.TAKE_REVISIONS.text())
                .endsWith(Sql.INSERT_KEY.text(), Sql.INSERT_USAGE.text());
        assertThat(H2.number(source, "SELECT revision FROM keywright_coherence"))
                .isEqualTo(1000);
    }

    @Test
    void emptyBatchesSendNoStatement() throws Exception {
        H2.run(source, "SHUTDOWN");

        assertThat(store.insertAll(Samples.candidates(List.of()))).isEmpty();
        store.usageStore().orElseThrow().recordUsage(List.of());
    }

    @Test
    void everyWriteToKeysTakesItsRevisionFirst() {
        List<String> statements = new ArrayList<>();
        KeyStore watched = JdbcKeyStore.on(InterceptedDataSource.recording(source, statements));
        ApiKey key = store.insert(Samples.key("first", 1), UNLIMITED, NOW)
                .key()
                .orElseThrow()
                .key();
        List<Runnable> writes = List.of(
                () -> watched.insert(Samples.key("second", 2), ofTenant(5), NOW),
                () -> watched.insertAll(Samples.candidates(Samples.keys(0, 2))),
                () -> watched.change(key, NOW),
                () -> watched.replace(key, Samples.key("third", 3), NOW),
                () -> watched.revoke(NORTH, key.id(), REVOCATION),
                () -> watched.revokeAll(NORTH, REVOCATION),
                () -> watched.revokeCreatedBy(NORTH, Samples.ADA, REVOCATION, 5),
                () -> watched.purgeTenant(NORTH, 5));

        for (Runnable write : writes) {
            statements.clear();
            write.run();
            // The query for an earlier mark runs in a transaction of its own.
            statements.removeIf(sql -> sql.contains("FROM keywright_tenant"));
            assertThat(statements).startsWith(Sql.TAKE_REVISIONS.text());
        }
    }

    /** Returns the inactive_at of each key, in seconds from now. */
    private String inactiveAt() throws SQLException {
        return H2.ask(
                source,
                "SELECT LISTAGG(id || '=' || COALESCE(CAST((inactive_at - " + NOW.toEpochMilli()
                        + ") / 1000 AS VARCHAR), 'none'), ' ') WITHIN GROUP (ORDER BY id) FROM keywright_key");
    }
}
