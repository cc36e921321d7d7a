package dev.keywright.benchmarks.coherence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.benchmarks.kit.Site;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.management.CacheStats;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.Job;
import dev.keywright.management.TenantKeys;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * A node in this process, with a pool of its own and a link of its own to the database. Its keys are imported ones, whose texts
 * are known by their numbers: to issue thousands would take a write for each. Nothing is written down of their uses.
 *
 * @param link the link
 * @param pool connections through it
 * @param store what they lead to
 * @param keys the door
 */
record MeasuredNode(Link link, HikariDataSource pool, CountedStore store, ApiKeys keys) implements Closeable {

    static final int CONNECTIONS = 10;
    static final Duration PATIENCE_OF_THE_POOL = Duration.ofSeconds(2);

    private static final Job JOB = new Job("measurer");
    private static final long SECONDS_TO_BEGIN = 60;

    /** A node that remembers so many keys; with none, it has no cache. */
    static MeasuredNode on(Site site, int mostCached) throws IOException, InterruptedException {
        Link link = Link.to(site.port());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(site.url(link.port()));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(PATIENCE_OF_THE_POOL.toMillis());
        HikariDataSource pool = new HikariDataSource(config);
        CountedStore store = new CountedStore(JdbcKeyStore.on(pool));
        KeywrightBuilder keywright = Keywright.builder()
                .store(store.store())
                .scopes(Node.OFFERED)
                .pepper(Node.PEPPER)
                .importFormat(ImportFormat.prefix(Intake.PREFIX)
                        .alphabet(Intake.ALPHABET)
                        .length(Intake.LENGTH)
                        .digestOfText(ImportDigest.sha256()))
                .maintenanceScheduler(task -> {});
        if (mostCached == 0) {
            return new MeasuredNode(link, pool, store, keywright.build());
        }
        MeasuredNode node =
                new MeasuredNode(link, pool, store, keywright.cache(mostCached).build());
        node.awaitLease();
        return node;
    }

    private void awaitLease() throws InterruptedException {
        long begun = System.nanoTime();
        while (state().leaseLeft().isZero()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS_TO_BEGIN)) {
                throw new IllegalStateException("the node does not begin to cache");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    CacheStats state() {
        return keys.operatedBy(JOB).cacheStats().orElseThrow();
    }

    TenantKeys tenant(String name) {
        return keys.operatedBy(JOB).keysOf(TenantId.of(name));
    }

    /** {@return the text of the key with a number} */
    static String text(long number) {
        return Intake.PREFIX
                + "0".repeat(Intake.LENGTH - Long.BYTES * 2)
                + HexFormat.of().toHexDigits(number);
    }

    /** Gives a tenant so many keys, from a number on. */
    List<ApiKey> give(String tenant, long from, int howMany) {
        List<ImportedKey> rows = LongStream.range(from, from + howMany)
                .mapToObj(number -> ImportedKey.digested(Intake.sha256(text(number)))
                        .prefixed(Intake.PREFIX)
                        .of(tenant)
                        .named("key " + number)
                        .allowing("read:people")
                        .hint("0a1b"))
                .toList();
        ImportReport report = keys.operatedBy(JOB).importKeys(rows, progress -> {});
        if (report.imported() != howMany) {
            throw new IllegalStateException("not all keys were imported: " + report);
        }
        return tenant(tenant).list();
    }

    @Override
    public void close() throws IOException {
        keys.close();
        pool.close();
        link.close();
    }
}
