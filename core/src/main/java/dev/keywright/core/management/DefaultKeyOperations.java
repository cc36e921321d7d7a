package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.TenantId;
import dev.keywright.core.cache.CacheRuntime;
import dev.keywright.core.format.PepperSet;
import dev.keywright.management.CacheStats;
import dev.keywright.management.ImportProgress;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.PepperUsage;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in the name of a job, on the keys of all tenants. */
final class DefaultKeyOperations implements KeyOperations {

    private static final Logger log = LoggerFactory.getLogger(DefaultKeyOperations.class);

    private final Actor actor;
    private final Means means;
    private final @Nullable CacheRuntime cacheStats;

    DefaultKeyOperations(Actor actor, Means means, @Nullable CacheRuntime cache) {
        this.actor = actor;
        this.means = means;
        this.cacheStats = cache;
    }

    @Override
    public TenantKeys keysOf(TenantId tenant) {
        return new DefaultTenantKeys(tenant, actor, scopes -> {}, means);
    }

    @Override
    public ImportReport importKeys(Iterable<ImportedKey> rows, Consumer<ImportProgress> progress) {
        return new KeyImporter(actor, means, progress).run(rows);
    }

    @Override
    public long purge(Duration age) {
        Instant endedBefore = means.now().minus(DefaultKeyReports.checked(Field.AGE, age));
        long purged = deleteAll(limit -> means.store().purge(endedBefore, limit));
        log.info("{} API keys that ended before {} purged by {}", purged, endedBefore, actor);
        return purged;
    }

    @Override
    public long deleteTenant(TenantId tenant) {
        // Before the rows go: what a node has cached is rejected from then on, and no rotation can bring a key back.
        keysOf(tenant).revokeAll("the tenant is deleted");
        long deleted = deleteAll(limit -> means.store().purgeTenant(tenant, limit));
        log.info("All {} API keys of the tenant {} deleted by {}", deleted, tenant, actor);
        return deleted;
    }

    /** Deletes in writes of a bounded size, and waits until no node needs the record of what they evicted. */
    private long deleteAll(IntFunction<BulkWriteResult> write) {
        long deleted = 0;
        BulkWriteResult written;
        do {
            written = write.apply(KeyStore.MAX_KEYS_OF_A_WRITE);
            deleted += written.changed();
        } while (written.changed() == KeyStore.MAX_KEYS_OF_A_WRITE);
        means.barrier().await(written.lease());
        means.store().forgetEvictions(written.revision());
        return deleted;
    }

    @Override
    public List<PepperUsage> pepperUsage() {
        Map<DigestOrigin, Long> hanging = means.store().countByOrigin(means.now());
        PepperSet peppers = means.keyFinder().peppers();
        Set<PepperId> ids = new LinkedHashSet<>();
        peppers.all().forEach(pepper -> ids.add(pepper.id()));
        hanging.keySet().forEach(on -> ids.add(on.pepper()));
        return ids.stream().map(id -> use(id, peppers, hanging)).toList();
    }

    @Override
    public Optional<CacheStats> cacheStats() {
        return Optional.ofNullable(cacheStats).map(CacheRuntime::stats);
    }

    private static PepperUsage use(PepperId id, PepperSet peppers, Map<DigestOrigin, Long> hanging) {
        PepperUsage.Role role = peppers.has(id) ? PepperUsage.Role.ACCEPTED : PepperUsage.Role.MISSING;
        Map<String, Long> imported = new HashMap<>();
        long all = 0;
        for (Map.Entry<DigestOrigin, Long> entry : hanging.entrySet()) {
            if (entry.getKey().pepper().equals(id)) {
                all += entry.getValue();
                entry.getKey().importedAs().ifPresent(prefix -> imported.put(prefix, entry.getValue()));
            }
        }
        boolean issuing = peppers.issuing().id().equals(id);
        return PepperUsage.of(id.value(), issuing ? PepperUsage.Role.ISSUING : role, all, imported);
    }
}
