package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;

class JdbcKeyStoreTest {

    private final DataSource source = H2.installed(H2.inMemory());
    private final JdbcKeyStore store = JdbcKeyStore.on(source);

    @Test
    void insertAndRevokeRunFourStatementsEach() {
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
                                .mapToObj(i -> own.revoke(NORTH, KeyId.of("unknown"), REVOCATION))
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
}
