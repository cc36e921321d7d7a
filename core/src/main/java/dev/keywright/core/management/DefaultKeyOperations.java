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
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.PepperId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Operations of one job on the keys of all tenants. */
final class DefaultKeyOperations implements KeyOperations {

    private static final Logger log = LoggerFactory.getLogger(DefaultKeyOperations.class);

    private final Actor actor;
    private final Function<TenantId, TenantKeys> keysOfTenant;
    private final ImportRowParser importRowParser;
    private final KeyReader reader;
    private final WriteCoordinator writes;
    private final PepperSet peppers;
    private final Clock clock;
    private final @Nullable CacheRuntime cache;

    DefaultKeyOperations(
            Actor actor,
            Function<TenantId, TenantKeys> keysOfTenant,
            ImportRowParser importRowParser,
            KeyReader reader,
            WriteCoordinator writes,
            PepperSet peppers,
            Clock clock,
            @Nullable CacheRuntime cache) {
        this.actor = actor;
        this.keysOfTenant = keysOfTenant;
        this.importRowParser = importRowParser;
        this.reader = reader;
        this.writes = writes;
        this.peppers = peppers;
        this.clock = clock;
        this.cache = cache;
    }

    @Override
    public TenantKeys keysOf(TenantId tenant) {
        return keysOfTenant.apply(tenant);
    }

    /** {@inheritDoc} One barrier follows the import: a cache may hold that one of the keys is unknown. */
    @Override
    public ImportReport importKeys(Iterable<ImportedKey> rows, Consumer<ImportProgress> progress) {
        return writes.batch(batch -> new KeyImporter(importRowParser, actor, batch, progress).run(rows));
    }

    @Override
    public long purge(Duration age) {
        Instant inactiveBefore = clock.instant().minus(DefaultKeyReports.limited(Field.AGE, age));
        long purged = writes.purge(inactiveBefore);
        log.info("API keys purged by {}: {} that became inactive before {}", actor, purged, inactiveBefore);
        return purged;
    }

    @Override
    public long deleteTenant(TenantId tenant) {
        // Revoked before they are deleted: cached keys are rejected from then on, and no rotation brings one back.
        keysOf(tenant).revokeAll("the tenant is deleted");
        long deleted = writes.purgeTenant(tenant);
        log.info("API keys of tenant {} deleted by {}: {}", tenant, actor, deleted);
        return deleted;
    }

    @Override
    public List<PepperUsage> pepperUsage() {
        Map<DigestOrigin, Long> counts = reader.countByOrigin();
        Set<PepperId> ids = new LinkedHashSet<>();
        peppers.all().forEach(pepper -> ids.add(pepper.id()));
        counts.keySet().forEach(origin -> ids.add(origin.pepper()));
        return ids.stream().map(id -> pepperUsage(id, counts)).toList();
    }

    private PepperUsage pepperUsage(PepperId id, Map<DigestOrigin, Long> counts) {
        Map<String, Long> imported = new HashMap<>();
        long all = 0;
        for (Map.Entry<DigestOrigin, Long> entry : counts.entrySet()) {
            if (entry.getKey().pepper().equals(id)) {
                all += entry.getValue();
                if (entry.getKey().imported()) {
                    imported.put(entry.getKey().prefix(), entry.getValue());
                }
            }
        }
        return PepperUsage.of(id.value(), role(id), all, imported);
    }

    private PepperUsage.Role role(PepperId id) {
        if (peppers.issuing().id().equals(id)) {
            return PepperUsage.Role.ISSUING;
        }
        return peppers.has(id) ? PepperUsage.Role.ACCEPTED : PepperUsage.Role.MISSING;
    }

    @Override
    public Optional<CacheStats> cacheStats() {
        return Optional.ofNullable(cache).map(CacheRuntime::stats);
    }
}
