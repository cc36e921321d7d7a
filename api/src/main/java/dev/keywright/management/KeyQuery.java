package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.UserId;
import java.util.Objects;
import java.util.Optional;
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
    private final @Nullable UserId createdBy;
    private final int limit;
    private final @Nullable PageCursor cursor;

    private KeyQuery(ApiKey.@Nullable State state, @Nullable UserId createdBy, int limit, @Nullable PageCursor cursor) {
        this.state = state;
        this.createdBy = createdBy;
        this.limit = limit;
        this.cursor = cursor;
    }

    /** {@return a query for active keys} */
    public static KeyQuery active() {
        return new KeyQuery(ApiKey.State.ACTIVE, null, DEFAULT_LIMIT, null);
    }

    /** {@return a query for revoked keys, expired or not} */
    public static KeyQuery revoked() {
        return new KeyQuery(ApiKey.State.REVOKED, null, DEFAULT_LIMIT, null);
    }

    /** {@return a query for keys that are expired and not revoked} */
    public static KeyQuery expired() {
        return new KeyQuery(ApiKey.State.EXPIRED, null, DEFAULT_LIMIT, null);
    }

    /** {@return a query for keys in any state} */
    public static KeyQuery all() {
        return new KeyQuery(null, null, DEFAULT_LIMIT, null);
    }

    /**
     * Restricts the list to the keys that one person created.
     *
     * @param creator the person
     * @return the query
     */
    public KeyQuery createdBy(UserId creator) {
        return new KeyQuery(state, Objects.requireNonNull(creator), limit, cursor);
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
        return new KeyQuery(state, createdBy, limit, cursor);
    }

    /**
     * Sets the position at which to continue.
     *
     * @param next the cursor of the previous page
     * @return the query
     */
    public KeyQuery from(PageCursor next) {
        return new KeyQuery(state, createdBy, limit, Objects.requireNonNull(next));
    }

    /** {@return the state of the keys; empty for any} */
    public Optional<ApiKey.State> state() {
        return Optional.ofNullable(state);
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
