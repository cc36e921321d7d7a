package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.management.KeyReports;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.UnusedScopes;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reports on the active keys of a tenant, read page by page. Reports on usage first flush this node's usage. */
final class DefaultKeyReports implements KeyReports {

    /** Longer than any key has lived, and short enough to be subtracted from any date. */
    private static final Duration MAX_DURATION = Duration.ofDays(365 * 200);

    private final TenantId tenant;
    private final KeyReader reader;
    private final UsageBuffer usageBuffer;
    private final PepperId issuingPepper;
    private final Clock clock;

    DefaultKeyReports(TenantId tenant, KeyReader reader, UsageBuffer usageBuffer, PepperId issuingPepper, Clock clock) {
        this.tenant = tenant;
        this.reader = reader;
        this.usageBuffer = usageBuffer;
        this.issuingPepper = issuingPepper;
        this.clock = clock;
    }

    @Override
    public List<ApiKey> unusedFor(Duration duration) {
        Instant since = clock.instant().minus(limited(Field.DURATION, duration));
        usageBuffer.flush();
        return activeKeys(stored -> !lastUsedOrCreated(stored.key()).isAfter(since));
    }

    private static Instant lastUsedOrCreated(ApiKey key) {
        return key.usage().map(KeyUsage::lastUsedAt).orElse(key.createdAt());
    }

    @Override
    public List<UnusedScopes> unusedScopes() {
        usageBuffer.flush();
        List<UnusedScopes> found = new ArrayList<>();
        reader.forEachActive(tenant, stored -> unusedScopes(stored.key()).ifPresent(found::add));
        return List.copyOf(found);
    }

    private static Optional<UnusedScopes> unusedScopes(ApiKey key) {
        Set<Scope> used = key.usage().map(KeyUsage::scopes).orElse(Set.of());
        return filter(key.scopes(), scope -> !used.contains(scope))
                .map(unused -> UnusedScopes.of(key, unused, filter(key.scopes(), used::contains)));
    }

    private static Optional<Scopes> filter(Scopes scopes, Predicate<Scope> wanted) {
        List<Scope> filtered = scopes.asList().stream().filter(wanted).toList();
        return filtered.isEmpty() ? Optional.empty() : Optional.of(Scopes.stored(filtered));
    }

    @Override
    public List<ApiKey> expiringWithin(Duration duration) {
        Instant until = clock.instant().plus(limited(Field.DURATION, duration));
        return activeKeys(stored -> stored.key()
                .expiresAt()
                .filter(expiry -> !expiry.isAfter(until))
                .isPresent());
    }

    @Override
    public List<ApiKey> onOtherPeppers() {
        return activeKeys(stored -> !stored.pepper().equals(issuingPepper));
    }

    @Override
    public RotationProgress rotation(KeyId id, Duration quiet) {
        Instant now = clock.instant();
        Instant since = now.minus(limited(Field.QUIET, quiet));
        usageBuffer.flush();
        ApiKey key = reader.get(tenant, id);
        ApiKey predecessor = key;
        ApiKey successor = key;
        if (key.successor().isPresent()) {
            successor = reader.get(tenant, key.successor().get());
        } else if (key.predecessor().isPresent()) {
            predecessor = reader.get(tenant, key.predecessor().get());
        } else {
            throw new KeyConflictException(KeyConflictException.Rule.NOT_ROTATED, "the API key was not rotated");
        }
        boolean inactive = predecessor.stateAt(now) != ApiKey.State.ACTIVE;
        return RotationProgress.of(predecessor, successor, inactive || isQuiet(predecessor, successor, since));
    }

    private static boolean isQuiet(ApiKey predecessor, ApiKey successor, Instant since) {
        // If the successor was never used, the clients of the predecessor are idle rather than migrated.
        boolean migrated = successor.usage().isPresent() || predecessor.usage().isEmpty();
        return migrated && !lastUsedOrCreated(predecessor).isAfter(since);
    }

    private List<ApiKey> activeKeys(Predicate<StoredKey> wanted) {
        List<ApiKey> found = new ArrayList<>();
        reader.forEachActive(tenant, stored -> {
            if (wanted.test(stored)) {
                found.add(stored.key());
            }
        });
        return List.copyOf(found);
    }

    /** {@return the duration, or the maximum if it is longer; throws if it is negative} */
    static Duration limited(Field field, Duration duration) {
        if (duration.isNegative()) {
            throw new InvalidRequestException(field, "must not be negative");
        }
        return duration.compareTo(MAX_DURATION) > 0 ? MAX_DURATION : duration;
    }
}
