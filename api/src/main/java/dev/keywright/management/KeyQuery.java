package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.UserId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of a tenant's keys to list, and how many at once. The oldest come first.
 *
 * <pre>{@code
 * Page<ApiKey> first = keys.list(KeyQuery.revoked().limit(50));
 * Page<ApiKey> second = keys.list(KeyQuery.revoked().limit(50).from(first.next().orElseThrow()));
 * }</pre>
 *
 * <p>Each method gives a new query.
 */
public final class KeyQuery {

    /** How many keys are on a page where nobody says how many. */
    public static final int DEFAULT_LIMIT = 100;

    /** The most that may be asked for at once. */
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

    /** {@return the keys that work} */
    public static KeyQuery active() {
        return new KeyQuery(ApiKey.State.ACTIVE, null, DEFAULT_LIMIT, null);
    }

    /** {@return the keys that were revoked, before or after their end} */
    public static KeyQuery revoked() {
        return new KeyQuery(ApiKey.State.REVOKED, null, DEFAULT_LIMIT, null);
    }

    /** {@return the keys whose end has come, and that nobody revoked} */
    public static KeyQuery expired() {
        return new KeyQuery(ApiKey.State.EXPIRED, null, DEFAULT_LIMIT, null);
    }

    /** {@return all keys, in whatever state} */
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
     * Says how many keys a page may have: {@value #DEFAULT_LIMIT} where nobody says.
     *
     * @param most 1 to {@value #MAX_LIMIT}
     * @return the query
     * @throws IllegalArgumentException if it is anything else
     */
    public KeyQuery limit(int most) {
        if (most < 1 || most > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be a number from 1 to " + MAX_LIMIT);
        }
        return new KeyQuery(state, createdBy, most, cursor);
    }

    /**
     * Goes on where a page ended.
     *
     * @param next what that page gave
     * @return the query
     */
    public KeyQuery from(PageCursor next) {
        return new KeyQuery(state, createdBy, limit, Objects.requireNonNull(next));
    }

    /** {@return the state that the keys must be in; empty for any} */
    public Optional<ApiKey.State> state() {
        return Optional.ofNullable(state);
    }

    /** {@return the person who must have created the keys; empty for any} */
    public Optional<UserId> createdBy() {
        return Optional.ofNullable(createdBy);
    }

    /** {@return how many keys a page may have} */
    public int limit() {
        return limit;
    }

    /** {@return where to go on; empty for the first page} */
    public Optional<PageCursor> cursor() {
        return Optional.ofNullable(cursor);
    }
}
