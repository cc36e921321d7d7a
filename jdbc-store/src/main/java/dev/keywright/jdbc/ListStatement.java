package dev.keywright.jdbc;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Query for the keys of a {@link KeySelection}: the conditions of its filters, and the seek of its position in the index of its
 * order. Values are parameters, never parts of the text.
 *
 * <p>Texts are compared with the collation of their column, which may find too many keys, but never too few; {@link
 * KeySelection#selects} decides. Folded names and the names of owners and creators are bytes, which have no collation.
 *
 * @param text the query, with the default table prefix
 * @param values the values of its parameters
 */
record ListStatement(String text, List<Object> values) {

    /**
     * Lists the selected keys. The keys without a value of the order come last, and are read by a second statement: databases
     * disagree on the place of NULL in an index.
     */
    static List<StoredKey> list(StatementRunner runner, Dialect dialect, KeySelection selection) throws SQLException {
        List<StoredKey> page = new ArrayList<>();
        if (selection.after().map(ListPosition::hasValue).orElse(true)) {
            addTo(page, runner, dialect, selection, true);
        }
        if (valueIsOptional(selection.query().order()) && page.size() < selection.limit()) {
            boolean begun = selection.after().filter(after -> !after.hasValue()).isPresent();
            addTo(page, runner, dialect, begun ? selection : selection.after(null), false);
        }
        return page;
    }

    /** Adds keys with, or without, a value of the order, until the page is full. */
    private static void addTo(
            List<StoredKey> page, StatementRunner runner, Dialect dialect, KeySelection selection, boolean withValue)
            throws SQLException {
        KeySelection next = selection;
        boolean more = true;
        while (more) {
            int wanted = selection.limit() - page.size();
            ListStatement statement = of(dialect, next.limit(wanted), withValue);
            List<StoredKey> found = runner.queryBuilt(
                    UsageStatements::read, statement.text(), statement.values().toArray());
            // A damaged usage is no usage, although its row has a time.
            List<StoredKey> placed = found.stream()
                    .filter(key -> selection.positionOf(key).hasValue() == withValue)
                    .toList();
            placed.stream().filter(selection::selects).forEach(page::add);
            more = found.size() == wanted && page.size() < selection.limit() && !placed.isEmpty();
            if (more) {
                next = next.after(selection.positionOf(placed.get(placed.size() - 1)));
            }
        }
    }

    static ListStatement of(Dialect dialect, KeySelection selection, boolean withValue) {
        KeyQuery query = selection.query();
        Conditions where = new Conditions();
        where.add("k.tenant = ?", RowMapper.bytes(selection.tenant().value()));
        query.state().ifPresent(state -> addState(where, state, selection.now().toEpochMilli()));
        if (query.isSuspendedOnly()) {
            where.add("k.suspended_at IS NOT NULL");
        }
        query.owner().ifPresent(owner -> addOwner(where, owner));
        query.createdBy()
                .map(Actor::person)
                .ifPresent(creator -> where.add(
                        "k.created_by_name = ? AND k.created_by_kind = ?",
                        RowMapper.bytes(creator.name()),
                        creator.kind().name()));
        query.environment().ifPresent(environment -> where.add("k.environment = ?", environment));
        // Not LIKE: PostgreSQL assumes that few keys match its pattern, and would read and sort all keys of the tenant.
        query.scope()
                .ifPresent(
                        scope -> where.add(dialect.contains("CONCAT(' ', k.scopes, ' ')") + " > 0", " " + scope + " "));
        query.nameStartsWith().map(RowMapper::bytes).ifPresent(start -> addPrefix(where, start));
        query.nameContains()
                .ifPresent(part -> where.add(dialect.contains("k.name_folded") + " > 0", RowMapper.bytes(part)));
        query.hint().ifPresent(hint -> where.add("k.hint = ?", hint));
        query.attribute()
                .ifPresent(attribute -> where.add(
                        dialect.contains("CONCAT('\n', k.attributes, '\n')") + " > 0",
                        "\n" + attribute.getKey() + "=" + attribute.getValue() + "\n"));
        query.createdFrom().ifPresent(from -> where.add("k.created_at >= ?", from.toEpochMilli()));
        query.createdBefore().ifPresent(before -> where.add("k.created_at < ?", before.toEpochMilli()));
        query.lastUsedFrom().ifPresent(from -> where.add("u.last_used_at >= ?", from.toEpochMilli()));
        query.lastUsedBefore().ifPresent(before -> where.add("u.last_used_at < ?", before.toEpochMilli()));
        query.expiresFrom().ifPresent(from -> where.add("k.expires_at >= ?", from.toEpochMilli()));
        query.expiresBefore().ifPresent(before -> where.add("k.expires_at < ?", before.toEpochMilli()));
        addPosition(where, selection, withValue);
        where.values.add(selection.limit());
        return new ListStatement(Sql.Fragments.page(where.text.toString(), orderBy(query)), where.values);
    }

    private static void addState(Conditions where, ApiKey.State state, long now) {
        switch (state) {
            case ACTIVE -> where.add(Sql.Fragments.ACTIVE, now);
            case EXPIRED -> where.add(Sql.Fragments.EXPIRED, now);
            case REVOKED -> where.add(Sql.Fragments.REVOKED);
        }
    }

    private static void addOwner(Conditions where, KeyOwner owner) {
        where.add(
                "k.owner_name = ? AND k.owner_kind = ?",
                RowMapper.bytes(owner.name()),
                owner.kind().name());
    }

    /** Adds the range of names that start with the bytes. UTF-8 has no byte 0xFF, so the last byte can be incremented. */
    private static void addPrefix(Conditions where, byte[] start) {
        byte[] end = start.clone();
        end[end.length - 1]++;
        where.add("k.name_folded >= ? AND k.name_folded < ?", start, end);
    }

    /** Adds the condition that keys have a value of the order, or none, and come after the position. */
    private static void addPosition(Conditions where, KeySelection selection, boolean withValue) {
        String column = column(selection.query().order());
        String beyond = selection.query().isDescending() ? "<" : ">";
        Optional<ListPosition> after = selection.after();
        if (!withValue) {
            where.add(hasNoValue(selection.query().order()));
            after.ifPresent(position -> where.add("k.insert_revision " + beyond + " ?", position.insertRevision()));
        } else if (after.isPresent()) {
            Object value = after.get()
                    .name()
                    .<Object>map(RowMapper::bytes)
                    .orElseGet(
                            () -> after.get().time().map(Instant::toEpochMilli).orElseThrow());
            where.add(
                    column + " " + beyond + "= ? AND (" + column + " " + beyond + " ? OR k.insert_revision " + beyond
                            + " ?)",
                    value,
                    value,
                    after.get().insertRevision());
        } else if (valueIsOptional(selection.query().order())) {
            where.add(column + " >= ?", leastValue(selection));
        }
    }

    /** Returns whether keys may have no value of an order. */
    private static boolean valueIsOptional(KeyQuery.Order order) {
        return order == KeyQuery.Order.EXPIRES || order == KeyQuery.Order.LAST_USED;
    }

    /** Returns a lower bound of the order. Without one, H2 scans the keys without a value too, and any database the expired keys. */
    private static long leastValue(KeySelection selection) {
        boolean noneExpired = selection.query().order() == KeyQuery.Order.EXPIRES
                && selection.query().state().equals(Optional.of(ApiKey.State.ACTIVE));
        return noneExpired ? selection.now().toEpochMilli() + 1 : Long.MIN_VALUE;
    }

    private static String hasNoValue(KeyQuery.Order order) {
        return order == KeyQuery.Order.LAST_USED
                ? "(u.last_used_at IS NULL OR u.use_count < 1)"
                : column(order) + " IS NULL";
    }

    private static String column(KeyQuery.Order order) {
        return switch (order) {
            case CREATED -> "k.created_at";
            case NAME -> "k.name_folded";
            case LAST_USED -> "u.last_used_at";
            case EXPIRES -> "k.expires_at";
        };
    }

    /**
     * Returns the columns of the order, as in its index, so that the index is used. Without the tenant if a filter leaves few keys,
     * since H2 would prefer the index of the order to that of the filter.
     */
    private static String orderBy(KeyQuery query) {
        String direction = query.isDescending() ? " DESC" : "";
        boolean few = query.owner().isPresent()
                || query.createdBy().isPresent()
                || query.hint().isPresent();
        return (few ? "" : "k.tenant" + direction + ", ") + column(query.order()) + direction + ", k.insert_revision"
                + direction;
    }

    /** Conditions that all apply, and their values. */
    private static final class Conditions {

        private final StringBuilder text = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        void add(String condition, Object... parameters) {
            text.append(text.isEmpty() ? "" : " AND ").append(condition);
            values.addAll(List.of(parameters));
        }
    }
}
