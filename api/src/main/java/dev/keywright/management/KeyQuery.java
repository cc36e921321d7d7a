package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.UserId;
import dev.keywright.internal.Text;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects the keys of a tenant to list, their order, and the page size. A key must pass all filters of the query; each filter can be
 * set once, and a later value replaces the earlier one. By default the oldest keys come first.
 *
 * <pre>{@code
 * KeyQuery query = KeyQuery.active().ownedBy(KeyOwner.service("payroll")).orderedBy(KeyQuery.Order.NAME).limit(50);
 * KeyPage<ApiKey> first = keys.list(query);
 * KeyPage<ApiKey> second = keys.list(query.from(first.next().orElseThrow()));
 * }</pre>
 *
 * <p>Instants are rounded up to milliseconds. Owners, creators, environments, scopes, hints and attributes are compared character by
 * character.
 *
 * <p>Names are compared without regard to case, in any script, but with their accents; see {@link KeyName#folded}.
 *
 * <p>Immutable: each method returns a new query.
 */
public final class KeyQuery {

    /** The default page size. */
    public static final int DEFAULT_LIMIT = 100;

    /** The maximum page size. */
    public static final int MAX_LIMIT = 1000;

    /** The latest instant of a filter: the last millisecond of the year 9999. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_HINT_LENGTH = 16;
    private static final int MAX_ENVIRONMENT_LENGTH = 100;

    /** Orders of a list. Keys with equal values are in the order in which they were inserted. */
    public enum Order {
        /** By time of issue. */
        CREATED,
        /** By {@linkplain KeyName#folded folded} name, in the order of Unicode code points. */
        NAME,
        /** By last use. Keys that were never used come last, also in descending order. */
        LAST_USED,
        /** By expiry. Keys that do not expire come last, also in descending order. */
        EXPIRES
    }

    private final ApiKey.@Nullable State state;
    private final boolean suspended;
    private @Nullable KeyOwner owner;
    private @Nullable UserId createdBy;
    private @Nullable String environment;
    private @Nullable Scope scope;
    private @Nullable String nameStart;
    private @Nullable String namePart;
    private @Nullable String hint;
    private Map.@Nullable Entry<String, String> attribute;
    private @Nullable Instant createdFrom;
    private @Nullable Instant createdBefore;
    private @Nullable Instant lastUsedFrom;
    private @Nullable Instant lastUsedBefore;
    private @Nullable Instant expiresFrom;
    private @Nullable Instant expiresBefore;
    private Order order = Order.CREATED;
    private boolean descending;
    private int limit = DEFAULT_LIMIT;
    private @Nullable PageCursor cursor;

    private KeyQuery(ApiKey.@Nullable State state, boolean suspended) {
        this.state = state;
        this.suspended = suspended;
    }

    /** {@return a copy with one part changed; no query changes after a method has returned it} */
    private KeyQuery with(Consumer<KeyQuery> part) {
        KeyQuery copy = new KeyQuery(state, suspended);
        copy.owner = owner;
        copy.createdBy = createdBy;
        copy.environment = environment;
        copy.scope = scope;
        copy.nameStart = nameStart;
        copy.namePart = namePart;
        copy.hint = hint;
        copy.attribute = attribute;
        copy.createdFrom = createdFrom;
        copy.createdBefore = createdBefore;
        copy.lastUsedFrom = lastUsedFrom;
        copy.lastUsedBefore = lastUsedBefore;
        copy.expiresFrom = expiresFrom;
        copy.expiresBefore = expiresBefore;
        copy.order = order;
        copy.descending = descending;
        copy.limit = limit;
        copy.cursor = cursor;
        part.accept(copy);
        requireInterval("created", copy.createdFrom, copy.createdBefore);
        requireInterval("lastUsed", copy.lastUsedFrom, copy.lastUsedBefore);
        requireInterval("expires", copy.expiresFrom, copy.expiresBefore);
        return copy;
    }

    private static void requireInterval(String field, @Nullable Instant from, @Nullable Instant before) {
        if (from != null && before != null && !from.isBefore(before)) {
            throw new IllegalArgumentException(field + "Before must be after " + field + "From");
        }
    }

    /** {@return a query for active keys, suspended ones included} */
    public static KeyQuery active() {
        return new KeyQuery(ApiKey.State.ACTIVE, false);
    }

    /** {@return a query for active keys that are suspended} */
    public static KeyQuery suspended() {
        return new KeyQuery(ApiKey.State.ACTIVE, true);
    }

    /** {@return a query for revoked keys, expired or not} */
    public static KeyQuery revoked() {
        return new KeyQuery(ApiKey.State.REVOKED, false);
    }

    /** {@return a query for keys that are expired and not revoked} */
    public static KeyQuery expired() {
        return new KeyQuery(ApiKey.State.EXPIRED, false);
    }

    /** {@return a query for keys in any state} */
    public static KeyQuery all() {
        return new KeyQuery(null, false);
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
     * Restricts the list to the keys of an environment.
     *
     * @param environment the environment, for example {@code test}
     * @return the query
     * @throws IllegalArgumentException if the text is blank, longer than 100 characters, or has control characters
     */
    public KeyQuery environment(String environment) {
        Text.require("environment", environment, MAX_ENVIRONMENT_LENGTH);
        return with(copy -> copy.environment = environment);
    }

    /**
     * Restricts the list to the keys that have a scope.
     *
     * @param scope the scope
     * @return the query
     */
    public KeyQuery scope(Scope scope) {
        return with(copy -> copy.scope = Objects.requireNonNull(scope));
    }

    /**
     * Restricts the list to the keys whose names start with a text, without regard to case.
     *
     * @param text 1 to 100 characters, not blank, without control characters
     * @return the query
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters
     */
    public KeyQuery nameStartsWith(String text) {
        String folded = foldedName("nameStartsWith", text);
        return with(copy -> copy.nameStart = folded);
    }

    /**
     * Restricts the list to the keys whose names contain a text, without regard to case.
     *
     * @param text 1 to 100 characters, not blank, without control characters
     * @return the query
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters
     */
    public KeyQuery nameContains(String text) {
        String folded = foldedName("nameContains", text);
        return with(copy -> copy.namePart = folded);
    }

    private static String foldedName(String field, String text) {
        Text.require(field, text, MAX_NAME_LENGTH);
        return Text.folded(text);
    }

    /**
     * Restricts the list to the keys with a hint.
     *
     * @param hint the last characters of a key, as {@link ApiKey#hint} returns them; at most 16
     * @return the query
     * @throws IllegalArgumentException if the text is blank, too long, or has control characters
     */
    public KeyQuery hint(String hint) {
        Text.require("hint", hint, MAX_HINT_LENGTH);
        return with(copy -> copy.hint = hint);
    }

    /**
     * Restricts the list to the keys that have an attribute with a value.
     *
     * @param name the name of the attribute
     * @param value the value
     * @return the query
     * @throws IllegalArgumentException if no attribute can have this name or value, as for {@link KeyAttributes#of}
     */
    public KeyQuery attribute(String name, String value) {
        KeyAttributes.of(Map.of(name, value));
        return with(copy -> copy.attribute = Map.entry(name, value));
    }

    /**
     * Restricts the list to the keys that were issued at or after an instant.
     *
     * @param from the instant
     * @return the query
     * @throws IllegalArgumentException if it is not before {@link #createdBefore}, or the year is not from 0 to 9999
     */
    public KeyQuery createdFrom(Instant from) {
        Instant millis = millis("createdFrom", from);
        return with(copy -> copy.createdFrom = millis);
    }

    /**
     * Restricts the list to the keys that were issued before an instant.
     *
     * @param before the instant
     * @return the query
     * @throws IllegalArgumentException if it is not after {@link #createdFrom}, or the year is not from 0 to 9999
     */
    public KeyQuery createdBefore(Instant before) {
        Instant millis = millis("createdBefore", before);
        return with(copy -> copy.createdBefore = millis);
    }

    /**
     * Restricts the list to the keys whose last use was at or after an instant.
     *
     * @param from the instant
     * @return the query
     * @throws IllegalArgumentException if it is not before {@link #lastUsedBefore}, or the year is not from 0 to 9999
     */
    public KeyQuery lastUsedFrom(Instant from) {
        Instant millis = millis("lastUsedFrom", from);
        return with(copy -> copy.lastUsedFrom = millis);
    }

    /**
     * Restricts the list to the keys whose last use was before an instant. A key that was never used is not one of them.
     *
     * @param before the instant
     * @return the query
     * @throws IllegalArgumentException if it is not after {@link #lastUsedFrom}, or the year is not from 0 to 9999
     */
    public KeyQuery lastUsedBefore(Instant before) {
        Instant millis = millis("lastUsedBefore", before);
        return with(copy -> copy.lastUsedBefore = millis);
    }

    /**
     * Restricts the list to the keys that expire at or after an instant.
     *
     * @param from the instant
     * @return the query
     * @throws IllegalArgumentException if it is not before {@link #expiresBefore}, or the year is not from 0 to 9999
     */
    public KeyQuery expiresFrom(Instant from) {
        Instant millis = millis("expiresFrom", from);
        return with(copy -> copy.expiresFrom = millis);
    }

    /**
     * Restricts the list to the keys that expire before an instant. A key that does not expire is not one of them.
     *
     * @param before the instant
     * @return the query
     * @throws IllegalArgumentException if it is not after {@link #expiresFrom}, or the year is not from 0 to 9999
     */
    public KeyQuery expiresBefore(Instant before) {
        Instant millis = millis("expiresBefore", before);
        return with(copy -> copy.expiresBefore = millis);
    }

    private static Instant millis(String field, Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new IllegalArgumentException(field + " must lie in the years 0 to 9999");
        }
        Instant millis = instant.truncatedTo(ChronoUnit.MILLIS);
        return millis.equals(instant) ? millis : millis.plusMillis(1);
    }

    /**
     * Sets the order; by time of issue by default.
     *
     * @param order the order, ascending unless the query is {@link #descending}
     * @return the query
     */
    public KeyQuery orderedBy(Order order) {
        return with(copy -> copy.order = Objects.requireNonNull(order));
    }

    /** {@return the query in descending order: the latest or last first} */
    public KeyQuery descending() {
        return with(copy -> copy.descending = true);
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
     * @param next the cursor of the previous page of a query with the same filters and the same order; the page size may differ
     * @return the query
     */
    public KeyQuery from(PageCursor next) {
        return with(copy -> copy.cursor = Objects.requireNonNull(next));
    }

    /** {@return the state of the keys; empty for any} */
    public Optional<ApiKey.State> state() {
        return Optional.ofNullable(state);
    }

    /** {@return whether the keys must be suspended; otherwise both suspended keys and others are listed} */
    public boolean isSuspendedOnly() {
        return suspended;
    }

    /** {@return the owner of the keys; empty for any or none} */
    public Optional<KeyOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /** {@return the creator of the keys; empty for any} */
    public Optional<UserId> createdBy() {
        return Optional.ofNullable(createdBy);
    }

    /** {@return the environment of the keys; empty for any or none} */
    public Optional<String> environment() {
        return Optional.ofNullable(environment);
    }

    /** {@return the scope that the keys have; empty for any} */
    public Optional<Scope> scope() {
        return Optional.ofNullable(scope);
    }

    /** {@return the text with which the folded names start, folded; empty for any} */
    public Optional<String> nameStartsWith() {
        return Optional.ofNullable(nameStart);
    }

    /** {@return the text that the folded names contain, folded; empty for any} */
    public Optional<String> nameContains() {
        return Optional.ofNullable(namePart);
    }

    /** {@return the hint of the keys; empty for any} */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** {@return the name and the value of the attribute that the keys have; empty for any or none} */
    public Optional<Map.Entry<String, String>> attribute() {
        return Optional.ofNullable(attribute);
    }

    /** {@return the first instant of issue, in whole milliseconds; empty for any} */
    public Optional<Instant> createdFrom() {
        return Optional.ofNullable(createdFrom);
    }

    /** {@return the first instant after those of issue, in whole milliseconds; empty for any} */
    public Optional<Instant> createdBefore() {
        return Optional.ofNullable(createdBefore);
    }

    /** {@return the first instant of last use, in whole milliseconds; empty for any or none} */
    public Optional<Instant> lastUsedFrom() {
        return Optional.ofNullable(lastUsedFrom);
    }

    /** {@return the first instant after those of last use, in whole milliseconds; empty for any or none} */
    public Optional<Instant> lastUsedBefore() {
        return Optional.ofNullable(lastUsedBefore);
    }

    /** {@return the first instant of expiry, in whole milliseconds; empty for any or none} */
    public Optional<Instant> expiresFrom() {
        return Optional.ofNullable(expiresFrom);
    }

    /** {@return the first instant after those of expiry, in whole milliseconds; empty for any or none} */
    public Optional<Instant> expiresBefore() {
        return Optional.ofNullable(expiresBefore);
    }

    /** {@return the order} */
    public Order order() {
        return order;
    }

    /** {@return whether the order is descending} */
    public boolean isDescending() {
        return descending;
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
