package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.CacheState;
import dev.keywright.ForeignKey;
import dev.keywright.ImportProgress;
import dev.keywright.ImportReport;
import dev.keywright.Operations;
import dev.keywright.PepperUse;
import dev.keywright.TenantId;
import dev.keywright.TenantKeys;
import dev.keywright.spi.Hanging;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.WrittenAll;
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
final class JobOperations implements Operations {

    private static final Logger log = LoggerFactory.getLogger(JobOperations.class);

    private final Actor actor;
    private final Means means;
    private final @Nullable Cache cache;

    JobOperations(Actor actor, Means means, @Nullable Cache cache) {
        this.actor = actor;
        this.means = means;
        this.cache = cache;
    }

    @Override
    public TenantKeys keysOf(TenantId tenant) {
        return new ManagedKeys(tenant, actor, scopes -> {}, means);
    }

    @Override
    public ImportReport importKeys(Iterable<ForeignKey> rows, Consumer<ImportProgress> progress) {
        return new KeyImport(actor, means, progress).run(rows);
    }

    @Override
    public long purge(Duration age) {
        Instant endedBefore = means.now().minus(TenantReports.checked("age", age));
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
    private long deleteAll(IntFunction<WrittenAll> write) {
        long deleted = 0;
        WrittenAll written;
        do {
            written = write.apply(KeyStore.MAX_KEYS_OF_A_WRITE);
            deleted += written.changed();
        } while (written.changed() == KeyStore.MAX_KEYS_OF_A_WRITE);
        means.leaseWait().await(written.lease());
        means.store().forgetEvictions(written.revision());
        return deleted;
    }

    @Override
    public List<PepperUse> peppers() {
        Map<Hanging, Long> hanging = means.store().countActive(means.now());
        Peppers peppers = means.lookUp().peppers();
        Set<PepperId> ids = new LinkedHashSet<>();
        peppers.all().forEach(pepper -> ids.add(pepper.id()));
        hanging.keySet().forEach(on -> ids.add(on.pepper()));
        return ids.stream().map(id -> use(id, peppers, hanging)).toList();
    }

    @Override
    public Optional<CacheState> cache() {
        return Optional.ofNullable(cache).map(Cache::state);
    }

    private static PepperUse use(PepperId id, Peppers peppers, Map<Hanging, Long> hanging) {
        PepperUse.Role role = peppers.has(id) ? PepperUse.Role.ACCEPTED : PepperUse.Role.MISSING;
        Map<String, Long> imported = new HashMap<>();
        long all = 0;
        for (Map.Entry<Hanging, Long> entry : hanging.entrySet()) {
            if (entry.getKey().pepper().equals(id)) {
                all += entry.getValue();
                entry.getKey().importedAs().ifPresent(prefix -> imported.put(prefix, entry.getValue()));
            }
        }
        boolean issuing = peppers.issuing().id().equals(id);
        return new PepperUse(id.value(), issuing ? PepperUse.Role.ISSUING : role, all, imported);
    }
}
