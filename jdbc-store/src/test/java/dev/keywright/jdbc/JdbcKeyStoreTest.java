package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class JdbcKeyStoreTest {

    private final DataSource source = H2.installed(H2.inMemory());
    private final JdbcKeyStore store = JdbcKeyStore.on(source);

    @Test
    void everyWriteReturnsTheLease() throws Exception {
        assertThat(store.insert(Samples.key("before", 1), UNLIMITED, NOW).lease())
                .isZero();

        H2.run(source, "UPDATE keywright_coherence SET lease_millis = 250");

        assertThat(store.insert(Samples.key("after", 2), UNLIMITED, NOW).lease())
                .hasMillis(250);
        assertThat(store.revoke(NORTH, KeyId.of("after"), REVOCATION).lease()).hasMillis(250);
        assertThat(store.revoke(NORTH, KeyId.of("after"), REVOCATION).lease()).hasMillis(250);
        assertThat(store.revoke(NORTH, KeyId.of("nobody"), REVOCATION).lease()).hasMillis(250);
    }

    @Test
    void writeTakesItsRevisionFirst() {
        List<String> statements = new ArrayList<>();
        JdbcKeyStore watched = JdbcKeyStore.on(InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (method.equals("prepareStatement") && args != null) {
                statements.add(String.valueOf(args[0]));
            }
            return real.call();
        }));
        statements.clear();

        watched.insert(Samples.key("first", 1), UNLIMITED, NOW);
        watched.revoke(NORTH, KeyId.of("first"), REVOCATION);

        assertThat(statements)
                .containsExactly(
                        Sql.TAKE_REVISIONS.text(),
                        Sql.READ_COHERENCE.text(),
                        Sql.INSERT_KEY.text(),
                        Sql.INSERT_USAGE.text(),
                        Sql.TAKE_REVISIONS.text(),
                        Sql.READ_COHERENCE.text(),
                        Sql.REVOKE_KEY.text(),
                        Sql.FIND_BY_ID.text());
    }

    @Test
    void storesOnOneDatabaseNeverShareARevision() throws Exception {
        int writers = 8;
        int each = 25;
        long last = 200;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            CyclicBarrier start = new CyclicBarrier(writers);
            List<Future<List<Long>>> results = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> {
                        JdbcKeyStore own = JdbcKeyStore.on(source);
                        start.await();
                        return IntStream.range(0, each)
                                .mapToObj(i -> own.revoke(NORTH, KeyId.of("nobody"), REVOCATION))
                                .map(WriteResult::revision)
                                .toList();
                    }))
                    .toList();

            List<Long> revisions = new ArrayList<>();
            for (Future<List<Long>> result : results) {
                assertThat(result.get()).isSorted();
                revisions.addAll(result.get());
            }
            assertThat(revisions)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void failedWriteTakesNoRevision() throws Exception {
        store.insert(Samples.key("first", 1), UNLIMITED, NOW);

        assertThatThrownBy(() -> store.insert(Samples.key("first", 2), UNLIMITED, NOW))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(H2.number(source, "SELECT revision FROM keywright_coherence"))
                .isOne();
    }

    @Test
    void instantsAreIndependentOfTheSessionTimeZone() throws Exception {
        JdbcDataSource elsewhere = new JdbcDataSource();
        elsewhere.setUrl(((JdbcDataSource) source).getUrl() + ";TIME ZONE=Pacific/Apia");
        elsewhere.setUser("sa");

        JdbcKeyStore.on(elsewhere).insert(Samples.key("apia", 1), UNLIMITED, NOW);
        JdbcKeyStore.on(elsewhere).revoke(NORTH, KeyId.of("apia"), REVOCATION);

        assertThat(H2.ask(
                        elsewhere,
                        "SELECT EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP WITH TIME ZONE '2025-01-01 00:00:00+00'"
                                + " AT LOCAL)"))
                .isEqualTo("13");
        ApiKey here = store.findByDigest(Samples.digest(1)).key().orElseThrow().key();
        assertThat(here.createdAt()).isEqualTo(NOW);
        assertThat(here.revocation()).contains(REVOCATION);
        assertThat(H2.number(source, "SELECT created_at FROM keywright_key")).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void rowWithAnotherDigestIsIgnored() {
        DataSource lax = InterceptedDataSource.onConnections(source, (method, args, real) -> {
            if (method.equals("prepareStatement") && args != null) {
                args[0] = String.valueOf(args[0]).replace("digest = ?", "digest >= ?");
            }
            return real.call();
        });
        store.insert(Samples.key("other", 9), UNLIMITED, NOW);

        assertThat(JdbcKeyStore.on(lax).findByDigest(Samples.digest(9)).key()).isPresent();
        assertThat(JdbcKeyStore.on(lax).findByDigest(Samples.digest(8)).key()).isEmpty();
    }

    @Test
    void lookupColumnsAreBinary() throws Exception {
        store.insert(Samples.key("Some-Id", 7), UNLIMITED, NOW);

        assertThat(H2.ask(source, "SELECT RAWTOHEX(id) || ' ' || RAWTOHEX(tenant) FROM keywright_key"))
                .isEqualToIgnoringCase("536f6d652d4964 6e6f727468");
    }
}
