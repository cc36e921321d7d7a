package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.KeyOwner;
import dev.keywright.core.cache.CacheRuntime;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Creates the management classes, each with the parts that it needs. */
public final class ManagementFactory {

    private final IssuePolicy policy;
    private final StoreKeyFinder keyFinder;
    private final KeyReader reader;
    private final WriteCoordinator writes;
    private final UsageBuffer usageBuffer;
    private final Clock clock;
    private final @Nullable CacheRuntime cache;
    private final KeyIssuer issuer;
    private final KeyEditor editor;
    private final KeyRevoker revoker;
    private final ImportRowParser importRowParser;

    /**
     * Creates the factory.
     *
     * @param clock shows whole milliseconds
     * @param cache the cache to report on; null if keys are not cached
     */
    public ManagementFactory(
            IssuePolicy policy,
            StoreKeyFinder keyFinder,
            KeyGenerator generator,
            KeyReader reader,
            WriteCoordinator writes,
            UsageBuffer usageBuffer,
            Clock clock,
            @Nullable CacheRuntime cache) {
        this.policy = policy;
        this.keyFinder = keyFinder;
        this.reader = reader;
        this.writes = writes;
        this.usageBuffer = usageBuffer;
        this.clock = clock;
        this.cache = cache;
        this.issuer = new KeyIssuer(policy, generator, FormatChoice.of(keyFinder.formats()), reader, writes, clock);
        this.editor = new KeyEditor(policy, reader, writes, clock);
        this.revoker = new KeyRevoker(keyFinder, reader, writes, clock);
        this.importRowParser =
                new ImportRowParser(keyFinder.importFormats(), keyFinder.peppers(), policy, generator, clock);
    }

    ScopeCatalog scopeCatalog() {
        return policy.scopeCatalog();
    }

    KeyRevoker revoker() {
        return revoker;
    }

    TenantKeys tenantKeys(Authority authority) {
        return new DefaultTenantKeys(
                authority,
                reader,
                issuer,
                editor,
                revoker,
                new DefaultKeyReports(
                        authority.tenant(),
                        reader,
                        usageBuffer,
                        keyFinder.peppers().issuing().id(),
                        clock));
    }

    ManagedKeys ownKeys(KeyOwner owner, Authority authority, OwnKeyLimits limits) {
        return new DefaultOwnKeys(owner, authority, limits, reader, issuer.within(limits), revoker);
    }

    KeyOperations operations(Actor job) {
        return new DefaultKeyOperations(
                job,
                // A job may grant all scopes, and give keys to any owner.
                tenant -> tenantKeys(new Authority(tenant, job, scopes -> {}, owner -> {}, null)),
                importRowParser,
                reader,
                writes,
                keyFinder.peppers(),
                clock,
                cache);
    }
}
