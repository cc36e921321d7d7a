package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** By which indexes each database goes about each statement, once it holds many keys and knows what they are like. */
class PlansTest {

    /** As many values as {@link BorrowedConnection} sends at a time. */
    private static final int CHUNK = 500;

    private static final String KEY = "keywright_key_id";
    private static final String DIGEST = "keywright_key_digest";
    private static final String LISTING = "keywright_key_listing";
    private static final String HANGING = "keywright_key_origin";
    private static final String CHANGED = "keywright_key_changed";
    private static final String ACTIVE = "keywright_key_active";
    private static final String CREATOR = "keywright_key_creator";
    private static final String TENANT = "keywright_tenant_id";
    private static final String EVICTION = "keywright_eviction_id";
    private static final String EVICTION_REVISION = "keywright_eviction_revision";
    private static final String ENDED = "keywright_key_inactive";
    private static final String USE = "keywright_usage_id";
    private static final String COHERENCE = "keywright_coherence_id";

    /** In the index, that is: not where the tenant's keys begin. As each database says it. */
    private static final Pattern PAGE = Pattern.compile(
            "Index Cond: \\(\\(tenant = \\S+\\) AND \\(created_at >= "
                    + "|LISTING: TENANT = \\?1 AND CREATED_AT >= |\\(tenant=\\? AND created_at>\\?\\)|range keywright_key_listing");

    /** What was meant: a statement goes by these indexes and reads nothing else, and puts nothing in order itself. */
    private static Set<String> meant(Sql sql) {
        return switch (sql) {
            case TAKE_REVISIONS, COHERENCE, SCHEMA_VERSION, BEGIN_CACHING -> Set.of(COHERENCE);
            case POLL -> Set.of(COHERENCE, CHANGED, EVICTION, EVICTION_REVISION);
            case INSERT, INSERT_USE, EVICT, MARK -> Set.of();
            case EVICT_AGAIN, DELETE_KEY_EVICTIONS -> Set.of(EVICTION);
            case FORGET_EVICTIONS -> Set.of(EVICTION_REVISION);
            case COUNT_OF_TENANT -> Set.of(ACTIVE, TENANT, KEY);
            case COUNT_UNSWEPT, FIND_UNSWEPT -> Set.of(ACTIVE);
            case FIND_OF_CREATOR -> Set.of(CREATOR, TENANT);
            case FIND_MARK, LOCK_MARK, DELETE_MARK -> Set.of(TENANT);
            case FIND_MARKS, LOCK_MARKS -> Set.of("all of keywright_tenant");
            case CHANGE, REVOKE -> Set.of(KEY, TENANT);
            case DELETE, SWEEP, REVOKE_MANY -> Set.of(KEY);
            case PURGEABLE -> Set.of(ENDED);
            case DELETE_USE, ADD_USE, FIND_USED_SCOPES, SET_USED_SCOPES, TAKE_ENDING -> Set.of(USE);
            case FIND_BY_DIGEST -> Set.of(COHERENCE, DIGEST);
            case FIND_MARKED_BY_DIGEST -> Set.of(COHERENCE, DIGEST, TENANT);
            case COUNT_MARKS -> Set.of(COHERENCE, TENANT);
            case FIND_ALL_BY_DIGEST -> Set.of(DIGEST, USE, TENANT);
            case FIND -> Set.of(COHERENCE, KEY, USE, TENANT);
            case FIND_USES -> Set.of(KEY, USE);
            case FIND_OF_TENANT -> Set.of(LISTING);
            case LIST,
                    LIST_ACTIVE,
                    LIST_EXPIRED,
                    LIST_REVOKED,
                    LIST_OF_CREATOR,
                    LIST_ACTIVE_OF_CREATOR,
                    LIST_EXPIRED_OF_CREATOR,
                    LIST_REVOKED_OF_CREATOR -> Set.of(LISTING, USE, TENANT);
            case ENDING -> Set.of(ENDED, USE, TENANT);
            case NEXT_PEPPER, NEXT_FORMAT -> Set.of(HANGING);
            case ANY_ENDLESS, ANY_ENDING -> Set.of(HANGING, TENANT);
            case COUNT_ACTIVE -> Set.of(HANGING, ACTIVE, "all of keywright_tenant");
        };
    }

    /** What counts the keys on each pepper has to look at all keys: at the whole index, and at nothing else. */
    private static boolean readsAll(Sql sql) {
        return sql == Sql.COUNT_ACTIVE;
    }

    /** The values of a statement, as the store would send them; with {@code IN (?)}, so many there. */
    private static Object[] values(Sql sql, Crowd crowd, int in) {
        byte[] tenant = Crowd.tenant(7);
        byte[] id = Crowd.id(7);
        long now = crowd.now();
        return switch (sql) {
            case TAKE_REVISIONS -> new Object[] {1};
            case COHERENCE, SCHEMA_VERSION -> new Object[] {};
            case BEGIN_CACHING -> new Object[] {250L};
            case POLL -> {
                long applied = crowd.size() - 10L;
                yield new Object[] {applied, applied, applied, applied, 1000, applied, 1000};
            }
            case EVICT_AGAIN, EVICT -> new Object[] {1L, 0, id};
            case FORGET_EVICTIONS -> new Object[] {100L};
            case COUNT_UNSWEPT, FIND_UNSWEPT -> new Object[] {tenant, (long) crowd.size(), 500};
            case FIND_OF_CREATOR -> new Object[] {tenant, RowMapper.bytes("person3"), "PERSON", tenant, 500};
            case MARK -> new Object[] {tenant, 1L, now, "JOB", "a", "b"};
            case FIND_MARK -> new Object[] {tenant};
            case LOCK_MARK, DELETE_MARK -> new Object[] {tenant, 1L};
            case FIND_MARKS, LOCK_MARKS, COUNT_MARKS -> new Object[] {};
            case FIND_OF_TENANT -> new Object[] {tenant, 500};
            case SWEEP ->
                Stream.concat(Stream.of(now, "JOB", "a", "b", now, now), many(Crowd::id, in))
                        .toArray();
            case REVOKE_MANY ->
                Stream.concat(Stream.of(1L, now, "JOB", "a", "b", now, now), many(Crowd::id, in))
                        .toArray();
            case INSERT ->
                new Object[] {
                    id,
                    tenant,
                    Crowd.digest(0),
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
                    now
                };
            case INSERT_USE -> new Object[] {id};
            case COUNT_OF_TENANT -> new Object[] {tenant, tenant, now, 100, tenant, now, tenant, now, 100};
            case CHANGE -> new Object[] {"a", "b", now, id, now, "JOB", "c", "d", now, 1L, tenant, id, 1L, now};
            case REVOKE -> new Object[] {now, "JOB", "a", "b", now, now, 1L, tenant, id};
            case PURGEABLE -> new Object[] {Long.MIN_VALUE, now, 100};
            case DELETE, DELETE_USE, DELETE_KEY_EVICTIONS, FIND_USES, FIND_USED_SCOPES ->
                many(Crowd::id, in).toArray();
            case FIND_BY_DIGEST, FIND_MARKED_BY_DIGEST -> new Object[] {Crowd.digest(7)};
            case FIND_ALL_BY_DIGEST -> many(Crowd::digest, in).toArray();
            case FIND -> new Object[] {tenant, id};
            case LIST, LIST_REVOKED -> new Object[] {tenant, now, now, 1L, 50};
            case LIST_ACTIVE, LIST_EXPIRED -> new Object[] {tenant, now, now, 1L, now, 50};
            case LIST_OF_CREATOR, LIST_REVOKED_OF_CREATOR ->
                new Object[] {tenant, now, now, 1L, RowMapper.bytes("person3"), "PERSON", 50};
            case LIST_ACTIVE_OF_CREATOR, LIST_EXPIRED_OF_CREATOR ->
                new Object[] {tenant, now, now, 1L, RowMapper.bytes("person3"), "PERSON", now, 50};
            case COUNT_ACTIVE -> new Object[] {now, now};
            case NEXT_PEPPER -> new Object[] {RowMapper.bytes("pepper0")};
            case NEXT_FORMAT, ANY_ENDLESS -> new Object[] {RowMapper.bytes("pepper0"), RowMapper.bytes("old_")};
            case ANY_ENDING -> new Object[] {RowMapper.bytes("pepper0"), RowMapper.bytes("old_"), now};
            case ADD_USE -> new Object[] {1L, now, now, id};
            case SET_USED_SCOPES -> new Object[] {"a b", id};
            case ENDING -> new Object[] {now, Long.MAX_VALUE, 100};
            case TAKE_ENDING -> new Object[] {now, id};
        };
    }

    private static Stream<Object> many(IntFunction<byte[]> what, int howMany) {
        return IntStream.rangeClosed(1, howMany).mapToObj(number -> what.apply(number * 11));
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class On {

        final TestDatabase database;
        final Crowd crowd;
        private HikariDataSource pool;

        On(TestDatabase database, Crowd crowd) {
            this.database = database;
            this.crowd = crowd;
        }

        @BeforeAll
        void fill() throws Exception {
            pool = database.pool();
            JdbcSchema.install(pool);
            try (Connection connection = pool.getConnection()) {
                crowd.fill(database, connection);
            }
        }

        @AfterAll
        void close() {
            pool.close();
        }

        @ParameterizedTest
        @EnumSource
        void goesByTheIndexesThatWereMeant(Sql sql) throws Exception {
            expect(sql, 2, false);
        }

        @ParameterizedTest
        @MethodSource("dev.keywright.jdbc.PlansTest#ofMany")
        void goesByTheIndexesThatWereMeantForManyValuesToo(Sql sql) throws Exception {
            expect(sql, CHUNK, false);
        }

        @ParameterizedTest
        @EnumSource(names = "LIST(_ACTIVE|_REVOKED)?", mode = EnumSource.Mode.MATCH_ALL)
        void goesToWhereAPageBegins(Sql sql) throws Exception {
            assertThat(plan(sql, 2, false).text().replaceAll("\\s+", " ")).containsPattern(PAGE);
        }

        Set<String> expected(Sql sql) {
            return meant(sql);
        }

        /** What a plan comes to: the table of marks has few rows, and some statements may go by either of two indexes. */
        private static Set<String> essence(Sql sql, Set<String> ways) {
            Set<String> essence = new TreeSet<>();
            for (String way : ways) {
                if (!way.contains("keywright_tenant")) {
                    essence.add(way.contains("keywright_coherence") ? COHERENCE : way);
                }
            }
            // Of the tenant's expired keys alone, which are then put in order.
            if (sql == Sql.LIST_EXPIRED && essence.remove(ACTIVE)) {
                essence.remove("sort");
                essence.add(LISTING);
            }
            if (sql.name().endsWith("_OF_CREATOR") && sql.name().startsWith("LIST") && essence.remove(CREATOR)) {
                essence.remove("sort");
                essence.add(LISTING);
            }
            if (sql == Sql.COUNT_ACTIVE) {
                essence.removeAll(Set.of(CREATOR, ACTIVE, "sort"));
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
            Object[] values = values(sql, crowd, in);
            try (Connection connection = pool.getConnection()) {
                return generic ? Plan.generic(connection, text, values) : Plan.of(database, connection, text, values);
            }
        }
    }

    static Stream<Sql> ofMany() {
        return Arrays.stream(Sql.values()).filter(sql -> sql.text().contains("IN (?)"));
    }

    @Nested
    class OnH2 extends On {
        OnH2() {
            super(TestDatabase.H2, new Crowd(20_000));
        }
    }

    @Nested
    class OnSqlite extends On {
        OnSqlite() {
            super(TestDatabase.SQLITE, new Crowd(20_000));
        }
    }

    /** More keys here: of a small table PostgreSQL reads all, and is right. */
    @Nested
    @Tag("postgresql")
    class OnPostgreSql extends On {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL, new Crowd(200_000));
        }

        /** One of these it hopes to meet soon among all keys. It is asked at a start, and not often enough to have such a plan. */
        @ParameterizedTest
        @EnumSource(names = "ANY_ENDLESS", mode = EnumSource.Mode.EXCLUDE)
        void goesByTheIndexesThatWereMeantWithoutKnowingTheValues(Sql sql) throws Exception {
            expect(sql, 2, true);
        }

        @ParameterizedTest
        @MethodSource("dev.keywright.jdbc.PlansTest#ofMany")
        void goesByTheIndexesThatWereMeantForManyValuesWithoutKnowingThem(Sql sql) throws Exception {
            expect(sql, CHUNK, true);
        }
    }

    @Nested
    @Tag("mariadb")
    class OnMariaDb extends On {
        OnMariaDb() {
            super(TestDatabase.MARIADB, new Crowd(20_000));
        }
    }
}
