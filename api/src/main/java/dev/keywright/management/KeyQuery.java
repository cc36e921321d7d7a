package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.UserId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects the keys of a tenant to list, and the page size. The oldest keys come first.
 *
 * <pre>{@code
 * KeyPage<ApiKey> first = keys.list(KeyQuery.revoked().limit(50));
 * KeyPage<ApiKey> second = keys.list(KeyQuery.revoked().limit(50).from(first.next().orElseThrow()));
 * }</pre>
 *
 * <p>Immutable: each method returns a new query.
 */
public final class KeyQuery {

    /** The default page size. */
    public static final int DEFAULT_LIMIT = 100;

    /** The maximum page size. */
    public static final int MAX_LIMIT = 1000;

    private final ApiKey.@Nullable State state;
    private @Nullable KeyOwner owner;
    private @Nullable UserId createdBy;
    private int limit = DEFAULT_LIMIT;
    private @Nullable PageCursor cursor;

    private KeyQuery(ApiKey.@Nullable State state) {
        this.state = state;
    }

    /** {@return a copy with one part changed; no query changes after a method has returned it} */
    private KeyQuery with(Consumer<KeyQuery> part) {
        KeyQuery copy = new KeyQuery(state);
        copy.owner = owner;
        copy.createdBy = createdBy;
        copy.limit = limit;
        copy.cursor = cursor;
        part.accept(copy);
        return copy;
    }

    /** {@return a query for active keys} */
    public static KeyQuery active() {
        return new KeyQuery(ApiKey.State.ACTIVE);
    }

    /** {@return a query for revoked keys, expired or not} */
    public static KeyQuery revoked() {
        return new KeyQuery(ApiKey.State.REVOKED);
    }

    /** {@return a query for keys that are expired and not revoked} */
    public static KeyQuery expired() {
        return new KeyQuery(ApiKey.State.EXPIRED);
    }

    /** {@return a query for keys in any state} */
    public static KeyQuery all() {
        return new KeyQuery(null);
    }

    /**
     * Restricts the list to the keys that a person or a service owns.
     *
     * @param owner the owner
     * @return the query
     */
    public KeyQuery ownedBy(KeyOwner owner) {
        return with(copy -> copy.owner = Objects.requireNonNull(owner));
    }

    /**
     * Restricts the list to the keys that one person created.
     *
     * @param creator the person
     * @return the query
     */
    public KeyQuery createdBy(UserId creator) {
        return with(copy -> copy.createdBy = Objects.requireNonNull(creator));
    }

    /**
     * Sets the page size; {@value #DEFAULT_LIMIT} by default.
     *
     * @param limit 1 to {@value #MAX_LIMIT}
     * @return the query
     * @throws IllegalArgumentException if the limit is out of range
     */
    public KeyQuery limit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be a number from 1 to " + MAX_LIMIT);
        }
        return with(copy -> copy.limit = limit);
    }

    /**
     * Sets the position at which to continue.
     *
     * @param next the cursor of the previous page
     * @return the query
     */
    public KeyQuery from(PageCursor next) {
        return with(copy -> copy.cursor = Objects.requireNonNull(next));
    }

    /** {@return the state of the keys; empty for any} */
    public Optional<ApiKey.State> state() {
        return Optional.ofNullable(state);
    }

    /** {@return the owner of the keys; empty for any, or none} */
    public Optional<KeyOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /** {@return the creator of the keys; empty for any} */
    public Optional<UserId> createdBy() {
        return Optional.ofNullable(createdBy);
    }

    /** {@return the page size} */
    public int limit() {
        return limit;
    }

    /** {@return the position at which to continue; empty for the first page} */
    public Optional<PageCursor> cursor() {
        return Optional.ofNullable(cursor);
    }
}
