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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in the name of a job, on the keys of all tenants. */
final class JobOperations implements Operations {

    private static final Logger log = LoggerFactory.getLogger(JobOperations.class);

    private static final int BATCH = 500;

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
        long purged = 0;
        WrittenAll written;
        do {
            written = means.store().purge(endedBefore, BATCH);
            purged += written.changed();
        } while (written.changed() == BATCH);
        means.leaseWait().await(written.lease());
        log.info("{} API keys that ended before {} purged by {}", purged, endedBefore, actor);
        return purged;
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
