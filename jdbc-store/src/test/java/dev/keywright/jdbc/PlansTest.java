package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyQuery.Order;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.ListPosition;
import java.sql.Connection;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Execution plans of all statements, on each database with many keys and current statistics. */
class PlansTest {

    private static final String KEY = "keywright_key_id";
    private static final String DIGEST = "keywright_key_digest";
    private static final String LISTING = "keywright_key_listing";
    private static final String NAME = "keywright_key_name";
    private static final String EXPIRY = "keywright_key_expiry";
    private static final String HINT = "keywright_key_hint";
    private static final String ORIGIN = "keywright_key_origin";
    private static final String CHANGED = "keywright_key_changed";
    private static final String ACTIVE = "keywright_key_active";
    private static final String CREATOR = "keywright_key_creator";
    private static final String OWNER = "keywright_key_owner";
    private static final String REQUEST = "keywright_key_request";
    private static final String TENANT = "keywright_tenant_id";
    private static final String EVICTION = "keywright_eviction_id";
    private static final String EVICTION_REVISION = "keywright_eviction_revision";
    private static final String INACTIVE = "keywright_key_inactive";
    private static final String USAGE = "keywright_usage_id";
    private static final String COHERENCE = "keywright_coherence_id";

    /** Stands for a position in the middle of a list by time. */
    private static final ListPosition LATER = ListPosition.at(Instant.EPOCH, 0);

    /** Index condition on the creation time, in the words of each database: the scan does not start at the first key of the tenant. */
    private static final Pattern PAGE = Pattern.compile(
            "Index Cond: \\(\\(tenant = \\S+\\) AND \\(created_at >= |LISTING: TENANT = \\?1 AND CREATED_AT >="
                    + " |\\(tenant=\\? AND created_at>\\?\\)|range keywright_key_listing");

    /** Number of rows that H2 has read from a table. */
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");

    /** Returns the indexes that a statement should use; it should scan no table and sort nothing. */
    private static Set<String> intended(Sql sql) {
        return switch (sql) {
            case TAKE_REVISIONS, READ_COHERENCE, READ_SCHEMA_VERSION, SET_LEASE -> Set.of(COHERENCE);
            case FIND_CHANGES -> Set.of(COHERENCE, CHANGED, EVICTION, EVICTION_REVISION);
            case INSERT_KEY, INSERT_USAGE, INSERT_EVICTION, INSERT_MARK -> Set.of();
            case UPDATE_EVICTION, DELETE_KEY_EVICTIONS -> Set.of(EVICTION);
            case DELETE_EVICTIONS -> Set.of(EVICTION_REVISION);
            case COUNT_ACTIVE_OF_TENANT -> Set.of(ACTIVE, TENANT, KEY);
            case COUNT_ACTIVE_OF_OWNER -> Set.of(OWNER, TENANT, KEY);
            case COUNT_UNSWEPT, FIND_UNSWEPT -> Set.of(ACTIVE);
            case FIND_IDS_OF_CREATOR -> Set.of(CREATOR, TENANT);
            case FIND_IDS_OF_OWNER -> Set.of(OWNER, TENANT);
            case FIND_BY_ISSUE_REQUEST -> Set.of(REQUEST, USAGE, TENANT);
            case FIND_MARK, LOCK_MARK, DELETE_MARK -> Set.of(TENANT);
            case FIND_MARKS, LOCK_MARKS -> Set.of("all of keywright_tenant");
            case CHANGE_KEY, REVOKE_KEY, SUSPEND_KEY, RESUME_KEY -> Set.of(KEY, TENANT);
            case DELETE_KEYS, SWEEP_KEYS, REVOKE_KEYS -> Set.of(KEY);
            case FIND_PURGEABLE -> Set.of(INACTIVE);
            case DELETE_USAGE, ADD_USAGE, FIND_USED_SCOPES, SET_USED_SCOPES, CLAIM_EXPIRING -> Set.of(USAGE);
            case FIND_BY_DIGEST -> Set.of(COHERENCE, DIGEST);
            case FIND_MARKED_BY_DIGEST -> Set.of(COHERENCE, DIGEST, TENANT);
            case STORE_MARK_COUNT -> Set.of(COHERENCE, TENANT);
            case FIND_ALL_BY_DIGEST -> Set.of(DIGEST, USAGE, TENANT);
            case FIND_BY_ID -> Set.of(COHERENCE, KEY, USAGE, TENANT);
            case FIND_USAGE -> Set.of(KEY, USAGE);
            case FIND_IDS_OF_TENANT -> Set.of(LISTING);
            case FIND_EXPIRING -> Set.of(INACTIVE, USAGE, TENANT);
            case FIND_CHANGED_EXPIRING -> Set.of(CHANGED, USAGE, TENANT);
            case NEXT_PEPPER, NEXT_FORMAT -> Set.of(ORIGIN);
            case ANY_WITHOUT_EXPIRY, ANY_WITH_EXPIRY -> Set.of(ORIGIN, TENANT);
            case COUNT_ACTIVE_BY_ORIGIN -> Set.of(ORIGIN, ACTIVE, "all of keywright_tenant");
        };
    }

    /** Returns whether a statement has to scan a whole index. */
    private static boolean readsAll(Sql sql) {
        return sql == Sql.COUNT_ACTIVE_BY_ORIGIN;
    }

    /** Returns values of a statement; {@code in} is the number of values of {@code IN (?)}. */
    private static Object[] values(Sql sql, KeyPopulation population, int in) {
        byte[] tenant = KeyPopulation.tenant(7);
        byte[] id = KeyPopulation.id(7);
        long now = population.now();
        return switch (sql) {
            case TAKE_REVISIONS -> new Object[] {1};
            case READ_COHERENCE, READ_SCHEMA_VERSION -> new Object[] {};
            case SET_LEASE -> new Object[] {250L};
            case FIND_CHANGES -> {
                long applied = population.size() - 10L;
                yield new Object[] {applied, applied, applied, applied, 1000, applied, 1000};
            }
            case UPDATE_EVICTION, INSERT_EVICTION -> new Object[] {1L, 0, id};
            case DELETE_EVICTIONS -> new Object[] {100L};
            case COUNT_UNSWEPT, FIND_UNSWEPT -> new Object[] {tenant, (long) population.size(), 500};
            case FIND_IDS_OF_CREATOR, FIND_IDS_OF_OWNER ->
                new Object[] {tenant, RowMapper.bytes("person3"), "PERSON", tenant, 500};
            case INSERT_MARK -> new Object[] {tenant, 1L, now, "JOB", "a", "b"};
            case FIND_MARK -> new Object[] {tenant};
            case LOCK_MARK, DELETE_MARK -> new Object[] {tenant, 1L};
            case FIND_MARKS, LOCK_MARKS, STORE_MARK_COUNT -> new Object[] {};
            case FIND_IDS_OF_TENANT -> new Object[] {tenant, 500};
            case SWEEP_KEYS ->
                Stream.concat(Stream.of(now, "JOB", "a", "b", now, now), many(KeyPopulation::id, in))
                        .toArray();
            case REVOKE_KEYS ->
                Stream.concat(Stream.of(1L, now, "JOB", "a", "b", now, now), many(KeyPopulation::id, in))
                        .toArray();
            case INSERT_KEY ->
                new Object[] {
                    id,
                    tenant,
                    KeyPopulation.digest(0),
                    tenant,
                    "a",
                    "b",
                    "c",
                    now,
                    "JOB",
                    tenant,
                    now,
                    now,
                    "JOB",
                    "e",
                    "f",
                    1L,
                    1L,
                    1L,
                    id,
                    id,
                    id,
                    now,
                    "g",
                    "PERSON",
                    id,
                    "h",
                    "i=j",
                    KeyPopulation.digest(0),
                    now,
                    "JOB",
                    "k",
                    "l",
                    now,
                    id
                };
            case INSERT_USAGE -> new Object[] {id};
            case COUNT_ACTIVE_OF_TENANT -> new Object[] {tenant, tenant, now, 100, tenant, now, tenant, now, 100};
            case COUNT_ACTIVE_OF_OWNER ->
                new Object[] {tenant, RowMapper.bytes("person3"), "PERSON", now, tenant, now, 100};
            case CHANGE_KEY ->
                new Object[] {
                    "a", id, "b", "PERSON", id, "e", "f=g", now, id, now, "JOB", "c", "d", now, 1L, tenant, id, 1L, now
                };
            case SUSPEND_KEY -> new Object[] {now, "JOB", "a", "b", 1L, tenant, id, now};
            case RESUME_KEY -> new Object[] {1L, tenant, id, now};
            case FIND_BY_ISSUE_REQUEST -> new Object[] {KeyPopulation.issueRequest(9), tenant, now};
            case REVOKE_KEY -> new Object[] {now, "JOB", "a", "b", now, now, 1L, tenant, id};
            case FIND_PURGEABLE -> new Object[] {Long.MIN_VALUE, now, 100};
            case DELETE_KEYS, DELETE_USAGE, DELETE_KEY_EVICTIONS, FIND_USAGE, FIND_USED_SCOPES ->
                many(KeyPopulation::id, in).toArray();
            case FIND_BY_DIGEST, FIND_MARKED_BY_DIGEST -> new Object[] {KeyPopulation.digest(7)};
            case FIND_ALL_BY_DIGEST -> many(KeyPopulation::digest, in).toArray();
            case FIND_BY_ID -> new Object[] {tenant, id};
            case COUNT_ACTIVE_BY_ORIGIN -> new Object[] {now, now};
            case NEXT_PEPPER -> new Object[] {RowMapper.bytes("pepper0")};
            case NEXT_FORMAT, ANY_WITHOUT_EXPIRY ->
                new Object[] {RowMapper.bytes("pepper0"), RowMapper.bytes("import:old_")};
            case ANY_WITH_EXPIRY -> new Object[] {RowMapper.bytes("pepper0"), RowMapper.bytes("import:old_"), now};
            case ADD_USAGE -> new Object[] {1L, now, now, id};
            case SET_USED_SCOPES -> new Object[] {"a b", id};
            case FIND_EXPIRING -> new Object[] {now, Long.MAX_VALUE, 1L, 100};
            case FIND_CHANGED_EXPIRING -> new Object[] {population.size() - 10L, now, Long.MAX_VALUE, 1L, 100};
            case CLAIM_EXPIRING -> new Object[] {1L, id, 1L};
        };
    }

    private static Stream<Object> many(IntFunction<byte[]> generator, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> generator.apply(number * 11));
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        final TestDatabase database;
        final KeyPopulation population;
        private HikariDataSource pool;

        On(TestDatabase database, KeyPopulation population) {
            this.database = database;
            this.population = population;
        }

        @BeforeAll
        void fill() throws Exception {
            pool = database.pool();
            JdbcSchema.install(pool);
            try (Connection connection = pool.getConnection()) {
                population.fill(database, connection);
            }
        }

        @AfterAll
        void close() {
            pool.close();
        }

        @ParameterizedTest
        @EnumSource
        void planUsesTheExpectedIndexes(Sql sql) throws Exception {
            expect(sql, 2, false);
        }

        @ParameterizedTest
        @MethodSource("dev.keywright.jdbc.PlansTest#ofMany")
        void planUsesTheExpectedIndexesForManyValues(Sql sql) throws Exception {
            expect(sql, StatementRunner.MAX_IN_VALUES, false);
        }

        @ParameterizedTest
        @EnumSource
        void searchUsesTheExpectedIndex(Search search) throws Exception {
            expect(search, false);
        }

        @Test
        void pageSeeksItsStart() throws Exception {
            assertThat(plan(Search.DEEP_PAGE, false).text().replaceAll("\\s+", " "))
                    .containsPattern(PAGE);
        }

        void expect(Search search, boolean generic) throws Exception {
            Plan plan = plan(search, generic);
            Set<String> ways = essence(plan.ways());
            if (search.sorts) {
                ways.remove("sort");
            }
            if (database == TestDatabase.SQLITE && search == Search.ACTIVE_BY_EXPIRY) {
                assertThat(ways).as("%s", plan.text()).isEqualTo(Set.of(ACTIVE, USAGE));
            } else if (database == TestDatabase.SQLITE && search.index.equals(EXPIRY)) {
                // Without an index of the order, the keys of the tenant are read and sorted.
                assertThat(ways).as("%s", plan.text()).hasSize(3).contains("sort", USAGE);
            } else {
                assertThat(ways).as("%s", plan.text()).isEqualTo(Set.of(search.index, USAGE));
            }
        }

        private Plan plan(Search search, boolean generic) throws Exception {
            ListStatement statement = statement(search);
            return plan(statement.text(), generic, statement.values().toArray());
        }

        ListStatement statement(Search search) {
            return ListStatement.of(dialect(), search.selection(population), search != Search.BY_EXPIRY_WITHOUT_VALUE);
        }

        private Dialect dialect() {
            return Dialect.of(
                    switch (database) {
                        case H2 -> JdbcDialect.H2;
                        case SQLITE -> JdbcDialect.SQLITE;
                        case POSTGRESQL -> JdbcDialect.POSTGRESQL;
                        case MARIADB, MARIADB_MYSQL -> JdbcDialect.MYSQL;
                    });
        }

        Set<String> expected(Sql sql) {
            return intended(sql);
        }

        /** Normalizes a plan: the table of marks has few rows, and one statement may use any index of a tenant. */
        private static Set<String> essence(Sql sql, Set<String> ways) {
            Set<String> essence = essence(ways);
            if (sql == Sql.COUNT_ACTIVE_BY_ORIGIN) {
                essence.removeAll(Set.of(CREATOR, ACTIVE, HINT, "sort"));
            }
            return essence;
        }

        private static Set<String> essence(Set<String> ways) {
            Set<String> essence = new TreeSet<>();
            for (String way : ways) {
                if (!way.contains("keywright_tenant")) {
                    essence.add(way.contains("keywright_coherence") ? COHERENCE : way);
                }
            }
            return essence;
        }

        void expect(Sql sql, int in, boolean generic) throws Exception {
            Plan plan = plan(sql, in, generic);
            Set<String> ways = readsAll(sql) ? plan.wholeOrPart() : plan.ways();
            assertThat(essence(sql, ways)).as("%s", plan.text()).isEqualTo(essence(sql, expected(sql)));
        }

        private Plan plan(Sql sql, int in, boolean generic) throws Exception {
            String text = sql.text().replace("IN (?)", "IN (?" + ", ?".repeat(in - 1) + ")");
            return plan(text, generic, values(sql, population, in));
        }

        Plan plan(String text, boolean generic, Object... values) throws Exception {
            try (Connection connection = pool.getConnection()) {
                return generic ? Plan.generic(connection, text, values) : Plan.of(database, connection, text, values);
            }
        }
    }

    /** Searches that an index serves, and whether they sort the keys that it finds. */
    @SuppressWarnings("ImmutableEnumChecker") // Queries and positions are immutable.
    enum Search {
        FIRST_PAGE(LISTING, KeyQuery.all()),
        FIRST_PAGE_OF_ACTIVE(LISTING, KeyQuery.active()),
        DEEP_PAGE(LISTING, KeyQuery.all(), LATER),
        DEEP_PAGE_DESCENDING(LISTING, KeyQuery.all().descending(), LATER),
        BY_NAME(NAME, KeyQuery.all().orderedBy(Order.NAME)),
        BY_NAME_DEEP(NAME, KeyQuery.active().orderedBy(Order.NAME), ListPosition.at("script 5", 7)),
        BY_NAME_DESCENDING(NAME, KeyQuery.all().orderedBy(Order.NAME).descending(), ListPosition.at("script 5", 7)),
        NAME_PREFIX(NAME, KeyQuery.all().orderedBy(Order.NAME).nameStartsWith("Script 77")),
        BY_EXPIRY(EXPIRY, KeyQuery.all().orderedBy(Order.EXPIRES)),
        BY_EXPIRY_DEEP(EXPIRY, KeyQuery.all().orderedBy(Order.EXPIRES), LATER),
        BY_EXPIRY_DESCENDING(EXPIRY, KeyQuery.all().orderedBy(Order.EXPIRES).descending(), LATER),
        ACTIVE_BY_EXPIRY(EXPIRY, KeyQuery.active().orderedBy(Order.EXPIRES)),
        BY_EXPIRY_WITHOUT_VALUE(EXPIRY, KeyQuery.all().orderedBy(Order.EXPIRES), ListPosition.withoutValue(7)),
        WITH_SCOPE(LISTING, KeyQuery.all().scope(Scope.of("read:people"))),
        WITH_ATTRIBUTE(LISTING, KeyQuery.all().attribute("plan", "gold")),
        OF_OWNER(OWNER, KeyQuery.active().ownedBy(KeyOwner.person(UserId.of("person3")))),
        OF_CREATOR(CREATOR, KeyQuery.active().createdBy(UserId.of("person3"))),
        WITH_HINT(HINT, KeyQuery.all().hint("h104729"));

        private final String index;
        private final boolean sorts;
        private final KeyQuery query;
        private final @Nullable ListPosition after;

        Search(String index, KeyQuery query) {
            this(index, query, null);
        }

        Search(String index, KeyQuery query, @Nullable ListPosition after) {
            this.index = index;
            this.sorts = Set.of(OWNER, CREATOR, HINT).contains(index);
            this.query = query;
            this.after = after;
        }

        private KeySelection selection(KeyPopulation population) {
            Instant now = Instant.ofEpochMilli(population.now());
            return KeySelection.of(TenantId.of("tenant7"), query, now, 50)
                    .after(LATER.equals(after) ? ListPosition.at(now, 7) : after);
        }
    }

    static Stream<Sql> ofMany() {
        return Arrays.stream(Sql.values()).filter(sql -> sql.text().contains("IN (?)"));
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2, new KeyPopulation(20_000));
        }

        @Test
        void activeKeysByExpiryAreReadWithoutTheExpiredOnes() throws Exception {
            ListStatement statement = statement(Search.ACTIVE_BY_EXPIRY);
            String analyzed = plan(
                            "ANALYZE " + statement.text(),
                            false,
                            statement.values().toArray())
                    .text();
            assertThat(SCANNED.matcher(analyzed).results().map(match -> Integer.valueOf(match.group(1))))
                    .isNotEmpty()
                    .allMatch(rows -> rows < 100);
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE, new KeyPopulation(20_000));
        }
    }

    /** With more keys, since PostgreSQL rightly scans a small table. */
    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, new KeyPopulation(200_000));
        }

        /** Excludes a statement that runs only at start-up, and so never has a generic plan. */
        @ParameterizedTest
        @EnumSource(names = "ANY_WITHOUT_EXPIRY", mode = EnumSource.Mode.EXCLUDE)
        void genericPlanUsesTheExpectedIndexes(Sql sql) throws Exception {
            expect(sql, 2, true);
        }

        @ParameterizedTest
        @EnumSource
        void genericPlanOfSearchUsesTheExpectedIndex(Search search) throws Exception {
            expect(search, true);
        }

        @ParameterizedTest
        @MethodSource("dev.keywright.jdbc.PlansTest#ofMany")
        void genericPlanUsesTheExpectedIndexesForManyValues(Sql sql) throws Exception {
            expect(sql, StatementRunner.MAX_IN_VALUES, true);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, new KeyPopulation(20_000));
        }
    }
}
