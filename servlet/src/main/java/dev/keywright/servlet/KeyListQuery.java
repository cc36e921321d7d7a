package dev.keywright.servlet;

import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.UserId;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyQuery.Order;
import dev.keywright.management.PageCursor;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The query parameters of the list of keys, as a {@link KeyQuery}, and the link to the next page. */
final class KeyListQuery {

    private static final Map<String, Order> ORDERS = Map.of(
            "created", Order.CREATED, "name", Order.NAME, "last_used", Order.LAST_USED, "expires", Order.EXPIRES);

    private static final Field<KeyQuery> STATUS =
            Field.text("status", "must be active, suspended, revoked, expired or all", KeyListQuery::status);
    private static final Field<Integer> LIMIT =
            Field.number("limit", "must be a number from 1 to " + KeyQuery.MAX_LIMIT, BigDecimal::intValueExact);
    private static final Field<PageCursor> CURSOR =
            Field.text("cursor", "must be one that a page of this list ended with", PageCursor::of);
    private static final Field<Instant> CREATED_FROM = time("created_from");
    private static final Field<Instant> LAST_USED_FROM = time("last_used_from");
    private static final Field<Instant> EXPIRES_FROM = time("expires_from");

    private static final List<Filter<?>> FILTERS = List.of(
            filter(Field.text("owner", "must be person:<id> or service:<name>", KeyOwner::parse), KeyQuery::ownedBy),
            filter(Field.text("created_by", "must be person:<id>", KeyListQuery::person), KeyQuery::createdBy),
            filter(text("environment", 100), KeyQuery::environment),
            filter(Field.text("scope", "must be one scope", Scope::of), KeyQuery::scope),
            filter(text("name", 100), KeyQuery::nameStartsWith),
            filter(text("q", 100), KeyQuery::nameContains),
            filter(text("hint", 16), KeyQuery::hint),
            filter(
                    Field.text(
                            "attribute", "must be <name>:<value>, which an API key can have", KeyListQuery::attribute),
                    (query, attribute) -> query.attribute(attribute.getKey(), attribute.getValue())),
            filter(CREATED_FROM, KeyQuery::createdFrom),
            before("created_before", CREATED_FROM, KeyQuery::createdBefore),
            filter(LAST_USED_FROM, KeyQuery::lastUsedFrom),
            before("last_used_before", LAST_USED_FROM, KeyQuery::lastUsedBefore),
            filter(EXPIRES_FROM, KeyQuery::expiresFrom),
            before("expires_before", EXPIRES_FROM, KeyQuery::expiresBefore),
            filter(
                    Field.text(
                            "order",
                            "must be created, name, last_used or expires, with a minus in front for descending order",
                            KeyListQuery::order),
                    (query, order) -> order.apply(query)),
            filter(LIMIT, KeyQuery::limit),
            filter(CURSOR, KeyQuery::from));

    /** The parameters that are allowed. */
    static final Field<?>[] FIELDS = Stream.concat(
                    Stream.of(STATUS), FILTERS.stream().map(Filter::field))
            .toArray(Field<?>[]::new);

    /**
     * A parameter and its effect.
     *
     * @param rule the constraint on the value in this query, phrased as that of a field
     * @param effect applies the value; throws {@link IllegalArgumentException} if it violates the constraint
     */
    private record Filter<T>(Field<T> field, String rule, BiFunction<KeyQuery, T, KeyQuery> effect) {

        KeyQuery apply(KeyQuery query, RequestInput input) {
            try {
                return input.find(field)
                        .map(value -> effect.apply(query, value))
                        .orElse(query);
            } catch (IllegalArgumentException e) {
                throw new BadRequestException(field.name(), rule);
            }
        }
    }

    private KeyListQuery() {}

    static KeyQuery of(RequestInput input) {
        KeyQuery query = input.find(STATUS).orElse(KeyQuery.active());
        for (Filter<?> filter : FILTERS) {
            query = filter.apply(query, input);
        }
        return query;
    }

    /**
     * {@return the link to the next page (RFC 8288), with the same parameters} The link is relative to the request, since a proxy may
     * have changed the path.
     */
    static String nextLink(RequestInput input, PageCursor cursor) {
        Stream<String> same = input.parameters().entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals(CURSOR.name()))
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()));
        // A cursor needs no encoding.
        return Stream.concat(same, Stream.of(CURSOR.name() + "=" + cursor))
                .collect(Collectors.joining("&", "<?", ">; rel=\"next\""));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static <T> Filter<T> filter(Field<T> field, BiFunction<KeyQuery, T, KeyQuery> effect) {
        return new Filter<>(field, field.rule(), effect);
    }

    private static Filter<Instant> before(
            String name, Field<Instant> from, BiFunction<KeyQuery, Instant, KeyQuery> effect) {
        return new Filter<>(time(name), "must be after " + from.name(), effect);
    }

    private static Field<Instant> time(String name) {
        return Field.number(
                name, "must be a time in Unix milliseconds from 0 up to the year 9999, as a whole number", number -> {
                    Instant time = Instant.ofEpochMilli(number.longValueExact());
                    if (time.isBefore(Instant.EPOCH) || time.isAfter(KeyQuery.LATEST)) {
                        throw new IllegalArgumentException();
                    }
                    return time;
                });
    }

    private static Field<String> text(String name, int maxLength) {
        return Field.text(
                name, "must be 1 to " + maxLength + " characters, not blank, without control characters", text -> text);
    }

    private static KeyQuery status(String text) {
        return switch (text) {
            case "active" -> KeyQuery.active();
            case "suspended" -> KeyQuery.suspended();
            case "revoked" -> KeyQuery.revoked();
            case "expired" -> KeyQuery.expired();
            case "all" -> KeyQuery.all();
            default -> throw new IllegalArgumentException();
        };
    }

    private static UserId person(String text) {
        KeyOwner person = KeyOwner.parse(text);
        if (person.kind() != KeyOwner.Kind.PERSON) {
            throw new IllegalArgumentException();
        }
        return UserId.of(person.name());
    }

    private static Map.Entry<String, String> attribute(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException();
        }
        return Map.entry(text.substring(0, colon), text.substring(colon + 1));
    }

    private static Function<KeyQuery, KeyQuery> order(String text) {
        boolean descending = text.startsWith("-");
        Order order = ORDERS.get(descending ? text.substring(1) : text);
        if (order == null) {
            throw new IllegalArgumentException();
        }
        return query -> descending ? query.orderedBy(order).descending() : query.orderedBy(order);
    }
}
