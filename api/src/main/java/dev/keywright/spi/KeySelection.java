package dev.keywright.spi;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import dev.keywright.management.KeyQuery;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that {@link KeyStore#list} returns: those of a tenant that pass the filters of a query and come after a position, in the
 * query's order, up to a limit. {@link #selects} and {@link #order} define the result; a store that computes it in other ways,
 * such as SQL, MUST return the same. Immutable.
 */
public final class KeySelection {

    private final TenantId tenant;
    private final KeyQuery query;
    private final Instant now;
    private final @Nullable ListPosition after;
    private final int limit;

    private KeySelection(TenantId tenant, KeyQuery query, Instant now, @Nullable ListPosition after, int limit) {
        this.tenant = Objects.requireNonNull(tenant);
        this.query = Objects.requireNonNull(query);
        this.now = Objects.requireNonNull(now);
        this.after = after;
        this.limit = limit;
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
    }

    /**
     * Selects from the first key on.
     *
     * @param tenant the tenant of the keys
     * @param query the filters and the order; its cursor and its page size have no effect
     * @param now the instant at which the keys must be in the query's state
     * @param limit the maximum number of keys, at least 1
     * @return the selection
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static KeySelection of(TenantId tenant, KeyQuery query, Instant now, int limit) {
        return new KeySelection(tenant, query, now, null, limit);
    }

    /**
     * Sets the position after which the selection begins.
     *
     * @param position a position in the query's order, whether or not its key still exists; null for the first key
     * @return a new selection
     */
    public KeySelection after(@Nullable ListPosition position) {
        return new KeySelection(tenant, query, now, position, limit);
    }

    /**
     * Sets the maximum number of keys.
     *
     * @param limit the number, at least 1
     * @return a new selection
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public KeySelection limit(int limit) {
        return new KeySelection(tenant, query, now, after, limit);
    }

    /** {@return the tenant of the keys} */
    public TenantId tenant() {
        return tenant;
    }

    /** {@return the filters and the order} */
    public KeyQuery query() {
        return query;
    }

    /** {@return the instant at which the keys must be in the query's state} */
    public Instant now() {
        return now;
    }

    /** {@return the position after which the selection begins; empty for the first key} */
    public Optional<ListPosition> after() {
        return Optional.ofNullable(after);
    }

    /** {@return the maximum number of keys} */
    public int limit() {
        return limit;
    }

    /**
     * Tests whether a key is of the tenant, passes the filters, and comes after the position.
     *
     * @param stored the key, with its usage
     * @return whether the key belongs to the result, unless the limit excludes it
     */
    public boolean selects(StoredKey stored) {
        ApiKey key = stored.key();
        Optional<Instant> lastUsedAt = key.usage().map(KeyUsage::lastUsedAt);
        return key.tenant().equals(tenant)
                && matches(query.state(), key.stateAt(now))
                && (!query.isSuspendedOnly() || key.suspension().isPresent())
                && (query.owner().isEmpty() || query.owner().equals(key.owner()))
                && matches(query.createdBy().map(Actor::person), key.createdBy())
                && (query.environment().isEmpty() || query.environment().equals(key.environment()))
                && query.scope().stream().allMatch(key.scopes()::contains)
                && query.nameStartsWith().stream()
                        .allMatch(start -> key.name().folded().startsWith(start))
                && query.nameContains().stream()
                        .allMatch(part -> key.name().folded().contains(part))
                && matches(query.hint(), key.hint())
                && query.attribute().stream()
                        .allMatch(
                                wanted -> key.attributes().get(wanted.getKey()).equals(Optional.of(wanted.getValue())))
                && isBetween(query.createdFrom(), Optional.of(key.createdAt()), query.createdBefore())
                && isBetween(query.lastUsedFrom(), lastUsedAt, query.lastUsedBefore())
                && isBetween(query.expiresFrom(), key.expiresAt(), query.expiresBefore())
                && (after == null || ListPosition.inOrder(query.isDescending()).compare(positionOf(stored), after) > 0);
    }

    private static <T> boolean matches(Optional<T> wanted, T actual) {
        return wanted.isEmpty() || wanted.get().equals(actual);
    }

    private static boolean isBetween(Optional<Instant> from, Optional<Instant> actual, Optional<Instant> before) {
        return from.stream()
                        .allMatch(first -> actual.isPresent() && !actual.get().isBefore(first))
                && before.stream()
                        .allMatch(end -> actual.isPresent() && actual.get().isBefore(end));
    }

    /** {@return the order of the result} */
    public Comparator<StoredKey> order() {
        return Comparator.comparing(this::positionOf, ListPosition.inOrder(query.isDescending()));
    }

    /**
     * Returns the position of a key in the query's order.
     *
     * @param stored the key, with its usage
     * @return the position
     */
    public ListPosition positionOf(StoredKey stored) {
        ApiKey key = stored.key();
        long revision = stored.insertRevision();
        return switch (query.order()) {
            case CREATED -> ListPosition.at(key.createdAt(), revision);
            case NAME -> ListPosition.at(key.name().folded(), revision);
            case LAST_USED -> atOptional(key.usage().map(KeyUsage::lastUsedAt), revision);
            case EXPIRES -> atOptional(key.expiresAt(), revision);
        };
    }

    private static ListPosition atOptional(Optional<Instant> time, long revision) {
        return time.map(at -> ListPosition.at(at, revision)).orElseGet(() -> ListPosition.withoutValue(revision));
    }
}
