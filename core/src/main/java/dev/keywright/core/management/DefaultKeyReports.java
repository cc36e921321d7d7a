package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.core.Pepper;
import dev.keywright.management.KeyReports;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.UnusedScopes;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** What should be known about the keys of a tenant: read from its active keys, page by page. */
final class DefaultKeyReports implements KeyReports {

    /** Longer than any key has lived, and short enough to be taken from a date. */
    private static final Duration LONGEST = Duration.ofDays(365 * 200);

    private final Consumer<Consumer<StoredKey>> active;
    private final Function<KeyId, ApiKey> get;
    private final Means means;

    /**
     * Takes the parts.
     *
     * @param active gives each active key of the tenant to somebody
     * @param get gives a key of the tenant, or throws
     */
    DefaultKeyReports(Consumer<Consumer<StoredKey>> active, Function<KeyId, ApiKey> get, Means means) {
        this.active = active;
        this.get = get;
        this.means = means;
    }

    @Override
    public List<ApiKey> unusedFor(Duration duration) {
        Instant since = means.now().minus(checked(Field.DURATION, duration));
        means.usageBuffer().flush();
        return keys(stored -> !lastSignOfLife(stored.key()).isAfter(since));
    }

    private static Instant lastSignOfLife(ApiKey key) {
        return key.usage().map(KeyUsage::lastUsedAt).orElse(key.createdAt());
    }

    @Override
    public List<UnusedScopes> unusedScopes() {
        means.usageBuffer().flush();
        List<UnusedScopes> found = new ArrayList<>();
        active.accept(stored -> unusedScopes(stored.key()).ifPresent(found::add));
        return List.copyOf(found);
    }

    private static Optional<UnusedScopes> unusedScopes(ApiKey key) {
        Set<Scope> used = key.usage().map(KeyUsage::scopes).orElse(Set.of());
        return pick(key, scope -> !used.contains(scope))
                .map(unused -> UnusedScopes.of(key, unused, pick(key, used::contains)));
    }

    private static Optional<Scopes> pick(ApiKey key, Predicate<Scope> wanted) {
        List<Scope> picked = key.scopes().asList().stream().filter(wanted).toList();
        return picked.isEmpty() ? Optional.empty() : Optional.of(Scopes.stored(picked));
    }

    @Override
    public List<ApiKey> expiringWithin(Duration duration) {
        Instant until = means.now().plus(checked(Field.DURATION, duration));
        return keys(stored ->
                stored.key().expiresAt().filter(end -> !end.isAfter(until)).isPresent());
    }

    @Override
    public List<ApiKey> onOtherPeppers() {
        Pepper issuing = means.keyFinder().peppers().issuing();
        return keys(stored -> !stored.pepper().equals(issuing.id()));
    }

    @Override
    public RotationProgress rotation(KeyId id, Duration quiet) {
        Instant now = means.now();
        Instant since = now.minus(checked(Field.QUIET, quiet));
        means.usageBuffer().flush();
        ApiKey key = get.apply(id);
        ApiKey predecessor = key;
        ApiKey successor = key;
        if (key.successor().isPresent()) {
            successor = get.apply(key.successor().get());
        } else if (key.predecessor().isPresent()) {
            predecessor = get.apply(key.predecessor().get());
        } else {
            throw new KeyConflictException(KeyConflictException.Rule.NOT_ROTATED, "the API key was not rotated");
        }
        boolean ended = predecessor.stateAt(now) != ApiKey.State.ACTIVE;
        return RotationProgress.of(predecessor, successor, ended || isQuiet(predecessor, successor, since));
    }

    private static boolean isQuiet(ApiKey predecessor, ApiKey successor, Instant since) {
        // Where nobody has used the new key, those who use the old one have merely paused.
        boolean moved = successor.usage().isPresent() || predecessor.usage().isEmpty();
        return moved && !lastSignOfLife(predecessor).isAfter(since);
    }

    private List<ApiKey> keys(Predicate<StoredKey> wanted) {
        List<ApiKey> found = new ArrayList<>();
        active.accept(stored -> {
            if (wanted.test(stored)) {
                found.add(stored.key());
            }
        });
        return List.copyOf(found);
    }

    static Duration checked(Field field, Duration duration) {
        if (duration.isNegative()) {
            throw new InvalidRequestException(field, "must not be negative");
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
