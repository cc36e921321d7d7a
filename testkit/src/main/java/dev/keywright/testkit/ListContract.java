package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.delta;
import static dev.keywright.testkit.SampleKeys.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyQuery.Order;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class ListContract extends ContractPart {

    ListContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void keysAreListedOldestFirst() {
        StoredKey late = stored(samples.key(NORTH).createdAt(NOW.plusMillis(1)));
        StoredKey early = stored(samples.key(NORTH).createdAt(NOW.minusMillis(1)));
        StoredKey ancient = stored(samples.key(NORTH).createdAt(Instant.ofEpochMilli(-1)));
        StoredKey first = inserted(NORTH);
        StoredKey second = inserted(NORTH);
        inserted(SOUTH);

        assertThat(list(NORTH, null, NOW, null, 10)).containsExactly(ancient, early, first, second, late);
    }

    @Test
    void listFiltersByState() {
        StoredKey active = inserted(NORTH);
        StoredKey lastMillisecond = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)));
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey revoked = stored(samples.key(NORTH).revocation(revocation(NOW.plusSeconds(1), "")));
        StoredKey revokedAfterExpiry = stored(samples.key(NORTH).expiresAt(NOW).revocation(REVOCATION));

        assertThat(list(NORTH, ApiKey.State.ACTIVE, NOW, null, 10)).containsExactly(active, lastMillisecond);
        assertThat(list(NORTH, ApiKey.State.EXPIRED, NOW, null, 10)).containsExactly(expired);
        assertThat(list(NORTH, ApiKey.State.REVOKED, NOW, null, 10)).containsExactly(revoked, revokedAfterExpiry);
        assertThat(list(NORTH, null, NOW, null, 10))
                .containsExactly(active, lastMillisecond, expired, revoked, revokedAfterExpiry);
    }

    @Test
    void pagesCoverAllKeysOfAState() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            ApiKey.Builder key = samples.key(NORTH).createdAt(NOW.plusMillis(i / 7));
            keys.add(stored(i % 3 == 0 ? key : i % 3 == 1 ? key.expiresAt(NOW) : key.revocation(REVOCATION)));
        }

        for (ApiKey.State state : ApiKey.State.values()) {
            assertThat(pages(inState(state), 2, key -> {}))
                    .as("%s", state)
                    .hasSize(7)
                    .isEqualTo(keys.stream()
                            .filter(key -> key.key().stateAt(NOW) == state)
                            .toList());
        }
        assertThat(pages(KeyQuery.all(), 7, key -> {})).isEqualTo(keys);
    }

    @Test
    void pagingContinuesAfterRevokedKey() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.add(stored(samples.key(NORTH).createdAt(NOW.plusSeconds(1 + i / 3))));
        }

        assertThat(pages(
                        KeyQuery.active(),
                        2,
                        last -> store.revoke(NORTH, last.key().id(), REVOCATION)))
                .isEqualTo(keys);
    }

    @Test
    void pagingContinuesAfterPurgedKey() {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.add(stored(samples.key(NORTH).createdAt(NOW.plusSeconds(1 + i / 3))));
        }

        List<StoredKey> seen = pages(KeyQuery.all(), 2, last -> {
            store.revoke(NORTH, last.key().id(), REVOCATION);
            assertThat(store.purge(NOW.plusMillis(1), 10).changed()).isEqualTo(1);
        });

        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void keyInsertedMeanwhileIsOnLastPage() {
        List<StoredKey> keys = new ArrayList<>(inserted(NORTH, 3));

        List<StoredKey> seen = pages(KeyQuery.all(), 3, last -> {
            if (keys.size() == 3) {
                keys.add(inserted(NORTH));
            }
        });

        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void positionWithoutAKeyIsAccepted() {
        StoredKey first = inserted(NORTH);
        StoredKey second = stored(samples.key(NORTH).createdAt(NOW.plusMillis(2)));

        assertThat(list(NORTH, null, NOW, ListPosition.at(NOW.plusMillis(1), 0), 10))
                .containsExactly(second);
        assertThat(list(NORTH, null, NOW, ListPosition.at(NOW.minusMillis(1), Long.MAX_VALUE), 10))
                .containsExactly(first, second);
        assertThat(list(NORTH, null, NOW, position(second), 10)).isEmpty();
    }

    @Test
    void listFiltersByCreator() {
        StoredKey first = inserted(NORTH);
        StoredKey expired = stored(samples.key(NORTH).expiresAt(NOW));
        stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("Ada"))));
        stored(samples.key(NORTH).createdBy(Actor.person(UserId.of("ada\u00A0"))));
        stored(samples.key(NORTH).createdBy(Actor.job(new Job("ada"))));
        inserted(SOUTH);
        StoredKey last = inserted(NORTH);
        UserId ada = UserId.of("ada");

        assertThat(select(KeyQuery.all().createdBy(ada))).containsExactly(first, expired, last);
        assertThat(store.list(KeySelection.of(NORTH, KeyQuery.all().createdBy(ada), NOW, 1)
                        .after(position(first))))
                .containsExactly(expired);
        assertThat(select(KeyQuery.active().createdBy(ada))).containsExactly(first, last);
        assertThat(select(KeyQuery.expired().createdBy(ada))).containsExactly(expired);
        assertThat(select(KeyQuery.revoked().createdBy(ada))).isEmpty();
        assertThat(select(KeyQuery.all().createdBy(UserId.of("grace")))).isEmpty();
    }

    @Test
    void listFiltersByOwner() {
        KeyOwner ada = KeyOwner.person(UserId.of("ada"));
        StoredKey first = stored(samples.key(NORTH).owner(ada));
        StoredKey expired = stored(samples.key(NORTH).owner(ada).expiresAt(NOW));
        StoredKey service = stored(samples.key(NORTH).owner(KeyOwner.service("ada")));
        stored(samples.key(NORTH).owner(KeyOwner.person(UserId.of("Ada"))));
        stored(samples.key(NORTH).owner(KeyOwner.person(UserId.of("ada\u00A0"))));
        stored(samples.key(SOUTH).owner(ada));
        inserted(NORTH);

        assertThat(select(KeyQuery.all().ownedBy(ada))).containsExactly(first, expired);
        assertThat(select(KeyQuery.active().ownedBy(ada))).containsExactly(first);
        assertThat(select(KeyQuery.all().ownedBy(KeyOwner.service("ada")))).containsExactly(service);
        assertThat(select(KeyQuery.all().ownedBy(KeyOwner.service("Ada")))).isEmpty();
    }

    @Test
    void listFiltersBySuspension() {
        StoredKey key = inserted(NORTH);
        StoredKey expiring = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)));
        StoredKey revoked = inserted(NORTH);
        StoredKey resumed = inserted(NORTH);
        StoredKey other = inserted(NORTH);
        for (StoredKey each : List.of(key, expiring, revoked, resumed)) {
            store.suspend(NORTH, each.key().id(), new Suspension(NOW, ADA, ""), NOW);
        }
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        store.resume(NORTH, resumed.key().id(), NOW);

        assertThat(select(KeyQuery.suspended())).containsExactly(inStore(key), inStore(expiring));
        assertThat(store.list(KeySelection.of(NORTH, KeyQuery.suspended(), NOW.plusMillis(1), 10)))
                .containsExactly(inStore(key));
        assertThat(select(KeyQuery.active())).containsExactly(inStore(key), inStore(expiring), inStore(resumed), other);
    }

    @Test
    void listFiltersByEnvironment() {
        StoredKey test = stored(samples.key(NORTH).environment("test"));
        stored(samples.key(NORTH).environment("tests"));
        stored(samples.key(NORTH).environment("Test"));
        inserted(NORTH);

        assertThat(select(KeyQuery.all().environment("test"))).containsExactly(test);
        assertThat(select(KeyQuery.all().environment("live"))).isEmpty();
    }

    @Test
    void listFiltersByScope() {
        StoredKey only = stored(samples.key(NORTH).scopes(Scopes.of("read_a")));
        StoredKey first = stored(samples.key(NORTH).scopes(Scopes.of("read_a", "b")));
        StoredKey middle = stored(samples.key(NORTH).scopes(Scopes.of("a", "read_a", "b")));
        StoredKey last = stored(samples.key(NORTH).scopes(Scopes.of("a", "read_a")));
        stored(samples.key(NORTH).scopes(Scopes.of("read_ab", "bread_a", "read:a", "readxa")));

        assertThat(select(KeyQuery.all().scope(Scope.of("read_a")))).containsExactly(only, first, middle, last);
        assertThat(select(KeyQuery.all().scope(Scope.of("read_a")).limit(1))).hasSize(4);
        assertThat(select(KeyQuery.all().scope(Scope.of("a")))).containsExactly(middle, last);
        assertThat(select(KeyQuery.all().scope(Scope.of("read")))).isEmpty();
    }

    @Test
    void listFiltersByHint() {
        StoredKey first = stored(samples.key(NORTH).hint("z9y8"));
        StoredKey second = stored(samples.key(NORTH).hint("z9y8"));
        stored(samples.key(NORTH).hint("Z9Y8"));
        stored(samples.key(NORTH).hint("z9y8z9y8"));
        stored(samples.key(NORTH).hint("z9y8\u00A0"));
        stored(samples.key(SOUTH).hint("z9y8"));

        assertThat(select(KeyQuery.all().hint("z9y8"))).containsExactly(first, second);
        assertThat(select(KeyQuery.all().hint("9y8"))).isEmpty();
    }

    @Test
    void listFiltersByAttribute() {
        StoredKey only = stored(samples.key(NORTH).attributes(KeyAttributes.of(Map.of("plan", "pro"))));
        StoredKey many = stored(
                samples.key(NORTH).attributes(KeyAttributes.of(Map.of("a", "1", "plan", "pro", "z", "\"}=,: % _ \\"))));
        stored(samples.key(NORTH)
                .attributes(KeyAttributes.of(Map.of("plan", "prop", "xplan", "pro", "plan.a", "pro"))));
        stored(samples.key(NORTH).attributes(KeyAttributes.of(Map.of("plan", "Pro"))));
        stored(samples.key(NORTH).attributes(KeyAttributes.of(Map.of("a", "plan=pro", "pro", "plan"))));
        stored(samples.key(NORTH).attributes(KeyAttributes.of(Map.of("a", "\",\"plan\":\"pro\"}"))));
        inserted(NORTH);

        assertThat(select(KeyQuery.all().attribute("plan", "pro"))).containsExactly(only, many);
        assertThat(select(KeyQuery.all().attribute("z", "\"}=,: % _ \\"))).containsExactly(many);
        assertThat(select(KeyQuery.all().attribute("z", "\"}=,: % x \\"))).isEmpty();
        assertThat(select(KeyQuery.all().attribute("missing", "pro"))).isEmpty();
    }

    @Test
    void listFiltersByName() {
        StoredKey acme = named("ACME Reports");
        StoredKey wide = named("\uFF41\uFF43\uFF4D\uFF45");
        StoredKey inner = named("The acme script");
        StoredKey literal = named("100%_\\ acm");
        StoredKey greek = named("\u039F\u0394\u039F\u03A3 1");
        StoredKey decomposed = named("Cafe\u0301");
        StoredKey emoji = named("\uD83D\uDE00 smile \uFFFD");
        named("AC ME");

        assertThat(select(KeyQuery.all().nameStartsWith("aCmE"))).containsExactly(acme, wide);
        assertThat(select(KeyQuery.all().nameContains("Acme"))).containsExactly(acme, wide, inner);
        assertThat(select(KeyQuery.all().nameContains("acme s"))).containsExactly(inner);
        assertThat(select(KeyQuery.all().nameStartsWith("100%_\\"))).containsExactly(literal);
        assertThat(select(KeyQuery.all().nameContains("%_\\"))).containsExactly(literal);
        assertThat(select(KeyQuery.all().nameContains("a%e"))).isEmpty();
        assertThat(select(KeyQuery.all().nameStartsWith("acm_"))).isEmpty();
        assertThat(select(KeyQuery.all().nameStartsWith("\u03BF\u03B4\u03BF\u03C2")))
                .containsExactly(greek);
        assertThat(select(KeyQuery.all().nameContains("\u03B4\u03BF\u03C3"))).containsExactly(greek);
        assertThat(select(KeyQuery.all().nameContains("caf\u00C9"))).containsExactly(decomposed);
        assertThat(select(KeyQuery.all().nameContains("cafe"))).isEmpty();
        assertThat(select(KeyQuery.all().nameStartsWith("\uD83D\uDE00"))).containsExactly(emoji);
        assertThat(select(KeyQuery.all().nameContains("\uFFFD"))).containsExactly(emoji);
        assertThat(select(KeyQuery.all().nameStartsWith("a").nameContains("report")))
                .containsExactly(acme);
    }

    @Test
    void nameThatIsChangedIsFoundByItsNewText() {
        StoredKey key = named("Reports");

        store.change(
                StoredValues.keyBuilder(key.key()).name(KeyName.of("Payroll")).build(), NOW);

        assertThat(select(KeyQuery.all().nameStartsWith("reports"))).isEmpty();
        assertThat(select(KeyQuery.all().nameStartsWith("payroll"))).containsExactly(inStore(key));
        assertThat(select(KeyQuery.all().nameContains("roll"))).containsExactly(inStore(key));
    }

    @Test
    void longestNamesAreFoundAndOrdered() {
        StoredKey last = named("\uD83D\uDE00".repeat(99) + "b");
        StoredKey first = named("\uD83D\uDE00".repeat(99) + "a");
        StoredKey cut = named("\uFDFA".repeat(100));

        assertThat(select(KeyQuery.all().nameContains("\uD83D\uDE00".repeat(98) + "B")))
                .containsExactly(last);
        assertThat(select(KeyQuery.all().nameStartsWith("\uFDFA".repeat(100)))).containsExactly(cut);
        assertThat(pages(KeyQuery.all().orderedBy(Order.NAME), 1, key -> {})).containsExactly(cut, first, last);
    }

    @Test
    void listFiltersByTimes() {
        Instant later = NOW.plusSeconds(60);
        StoredKey early =
                stored(samples.key(NORTH).createdAt(NOW.minusMillis(1)).expiresAt(later.minusMillis(1)));
        StoredKey at = stored(samples.key(NORTH).createdAt(NOW).expiresAt(later));
        StoredKey late = stored(samples.key(NORTH).createdAt(NOW.plusMillis(1)).expiresAt(later.plusMillis(1)));
        StoredKey never = stored(samples.key(NORTH).createdAt(NOW.plusMillis(2)));

        assertThat(select(KeyQuery.all().createdFrom(NOW))).containsExactly(at, late, never);
        assertThat(select(KeyQuery.all().createdBefore(NOW))).containsExactly(early);
        assertThat(select(KeyQuery.all().createdFrom(NOW).createdBefore(NOW.plusMillis(1))))
                .containsExactly(at);
        assertThat(select(KeyQuery.all().createdFrom(NOW.plusNanos(1)))).containsExactly(late, never);
        assertThat(select(KeyQuery.all().createdBefore(NOW.plusNanos(1)))).containsExactly(early, at);
        assertThat(select(KeyQuery.all().expiresFrom(later))).containsExactly(at, late);
        assertThat(select(KeyQuery.all().expiresBefore(later))).containsExactly(early);
        assertThat(select(KeyQuery.all().expiresFrom(later).expiresBefore(later.plusMillis(1))))
                .containsExactly(at);
        assertThat(select(KeyQuery.all().expiresBefore(Instant.parse("9999-12-31T23:59:59Z"))))
                .containsExactly(early, at, late);
    }

    @Test
    void listFiltersByLastUse() {
        List<StoredKey> keys = inserted(NORTH, 4);
        usage().recordUsage(List.of(
                delta(keys.get(0), NOW.minusMillis(1), 1),
                delta(keys.get(1), NOW, 1),
                delta(keys.get(2), NOW.plusMillis(1), 1)));
        List<StoredKey> used = keys.stream().map(this::inStore).toList();

        assertThat(select(KeyQuery.all().lastUsedFrom(NOW))).containsExactly(used.get(1), used.get(2));
        assertThat(select(KeyQuery.all().lastUsedBefore(NOW))).containsExactly(used.get(0));
        assertThat(select(KeyQuery.all().lastUsedFrom(NOW).lastUsedBefore(NOW.plusMillis(1))))
                .containsExactly(used.get(1));
        assertThat(select(KeyQuery.all().lastUsedBefore(Instant.parse("9999-12-31T23:59:59Z"))))
                .containsExactly(used.get(0), used.get(1), used.get(2));
    }

    @Test
    void listIsOrderedByName_inCodePoints() {
        StoredKey supplementary = named("\uD83D\uDE00");
        StoredKey halfWidth = named("\uFFFD");
        StoredKey b = named("b");
        StoredKey firstOfTwo = named("A");
        StoredKey secondOfTwo = named("a");
        StoredKey longer = named("a b");
        inserted(SOUTH);

        assertOrder(Order.NAME, firstOfTwo, secondOfTwo, longer, b, halfWidth, supplementary);
    }

    @Test
    void listIsOrderedByExpiry_withKeysThatDoNotExpireLast() {
        StoredKey never = inserted(NORTH);
        StoredKey late = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(2)));
        StoredKey neverToo = inserted(NORTH);
        StoredKey early = stored(samples.key(NORTH).expiresAt(Instant.ofEpochMilli(-1)));
        StoredKey lateToo = stored(samples.key(NORTH).expiresAt(NOW.plusMillis(2)));

        assertThat(pages(KeyQuery.all().orderedBy(Order.EXPIRES), 2, key -> {}))
                .containsExactly(early, late, lateToo, never, neverToo);
        assertThat(pages(KeyQuery.all().orderedBy(Order.EXPIRES).descending(), 2, key -> {}))
                .containsExactly(lateToo, late, early, neverToo, never);
        assertThat(pages(KeyQuery.active().orderedBy(Order.EXPIRES), 3, key -> {}))
                .containsExactly(late, lateToo, never, neverToo);
    }

    @Test
    void listIsOrderedByLastUse_withUnusedKeysLast() {
        List<StoredKey> keys = inserted(NORTH, 5);
        usage().recordUsage(List.of(
                delta(keys.get(1), NOW.plusMillis(1), 1), delta(keys.get(3), NOW, 1), delta(keys.get(4), NOW, 1)));
        List<StoredKey> used = keys.stream().map(this::inStore).toList();

        for (int limit = 1; limit < 6; limit++) {
            assertThat(pages(KeyQuery.all().orderedBy(Order.LAST_USED), limit, key -> {}))
                    .containsExactly(used.get(3), used.get(4), used.get(1), used.get(0), used.get(2));
            assertThat(pages(KeyQuery.all().orderedBy(Order.LAST_USED).descending(), limit, key -> {}))
                    .containsExactly(used.get(1), used.get(4), used.get(3), used.get(2), used.get(0));
        }
    }

    @Test
    void newestKeysCanBeListedFirst() {
        StoredKey late = stored(samples.key(NORTH).createdAt(NOW.plusMillis(1)));
        StoredKey ancient = stored(samples.key(NORTH).createdAt(Instant.ofEpochMilli(-1)));
        StoredKey first = inserted(NORTH);
        StoredKey second = inserted(NORTH);

        assertOrder(Order.CREATED, ancient, first, second, late);
    }

    /** Asserts both directions of an order, in pages of each size. */
    private void assertOrder(Order order, StoredKey... ascending) {
        List<StoredKey> descending = new ArrayList<>(List.of(ascending));
        Collections.reverse(descending);
        for (int limit = 1; limit <= ascending.length + 1; limit++) {
            assertThat(pages(KeyQuery.all().orderedBy(order), limit, key -> {})).containsExactly(ascending);
            assertThat(pages(KeyQuery.all().orderedBy(order).descending(), limit, key -> {}))
                    .isEqualTo(descending);
        }
    }

    @Test
    void pagingInAnyOrderNeitherRepeatsNorSkipsKeys_whileOthersChange() {
        for (Order order : Order.values()) {
            for (KeyQuery query : List.of(
                    KeyQuery.all().orderedBy(order),
                    KeyQuery.all().orderedBy(order).descending())) {
                TenantId tenant = TenantId.of(order + (query.isDescending() ? "down" : "up"));
                List<StoredKey> staying = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    staying.add(stored(samples.key(tenant)
                            .name(KeyName.of("Key " + i / 3))
                            .expiresAt(i % 4 == 0 ? null : NOW.plusSeconds(1 + i / 3))));
                }
                ifUsageIsKept(usage ->
                        usage.recordUsage(List.of(delta(staying.get(2), NOW, 1), delta(staying.get(7), NOW, 1))));

                List<StoredKey> seen = pages(tenant, query, 2, last -> {
                    StoredKey other =
                            stored(samples.key(tenant).name(KeyName.of("Key 1")).expiresAt(NOW.plusMillis(2)));
                    store.revoke(tenant, other.key().id(), REVOCATION);
                    store.purge(NOW.plusMillis(1), 1);
                    stored(samples.key(tenant).name(KeyName.of("Key 2")));
                });

                List<StoredKey> present = staying.stream().map(this::inStore).toList();
                assertThat(seen).as("%s", tenant).doesNotHaveDuplicates().containsAll(present);
                assertThat(seen.stream().filter(present::contains))
                        .as("%s", tenant)
                        .isSortedAccordingTo(
                                KeySelection.of(tenant, query, NOW, 1).order());
            }
        }
    }

    @Test
    void everyCombinationOfFiltersAndOrdersAgreesWithTheDefinition() {
        Random random = new Random(18);
        List<StoredKey> keys =
                IntStream.range(0, 60).mapToObj(i -> stored(anyKey(random))).toList();
        for (StoredKey key : keys) {
            switch (random.nextInt(6)) {
                case 0 -> store.suspend(NORTH, key.key().id(), new Suspension(NOW, ADA, "late"), NOW);
                case 1 -> store.revoke(NORTH, key.key().id(), REVOCATION);
                default ->
                    ifUsageIsKept(
                            usage -> usage.recordUsage(List.of(delta(key, NOW.plusMillis(random.nextInt(4)), 1))));
            }
        }
        List<StoredKey> all = allOf(NORTH);

        for (int i = 0; i < 400; i++) {
            KeySelection selection = KeySelection.of(NORTH, anyQuery(random), NOW, 1 + random.nextInt(20));
            if (random.nextInt(3) == 0) {
                selection = selection.after(selection.positionOf(all.get(random.nextInt(all.size()))));
            }
            KeySelection tried = selection;
            assertThat(store.list(tried))
                    .as("query %s", i)
                    .isEqualTo(all.stream()
                            .filter(tried::selects)
                            .sorted(tried.order())
                            .limit(tried.limit())
                            .toList());
        }
    }

    private ApiKey.Builder anyKey(Random random) {
        return samples.key(NORTH)
                .createdAt(NOW.plusMillis(random.nextInt(5)))
                .createdBy(Actor.person(UserId.of(oneOf(random, "ada", "grace"))))
                .owner(random.nextBoolean() ? null : KeyOwner.service(oneOf(random, "payroll", "reports")))
                .environment(random.nextBoolean() ? null : oneOf(random, "live", "test"))
                .scopes(random.nextBoolean() ? Scopes.of("read") : Scopes.of("read", "write"))
                .name(KeyName.of(oneOf(random, "Acme", "acme reports", "Reports of Acme", "\u00C9cole")))
                .hint(oneOf(random, "aaaa", "bbbb"))
                .attributes(
                        random.nextBoolean()
                                ? KeyAttributes.NONE
                                : KeyAttributes.of(Map.of("plan", oneOf(random, "pro", "free"))))
                .expiresAt(random.nextBoolean() ? null : NOW.plusMillis(random.nextInt(4) - 1));
    }

    private static KeyQuery anyQuery(Random random) {
        KeyQuery query = switch (random.nextInt(7)) {
            case 0 -> KeyQuery.revoked();
            case 1 -> KeyQuery.expired();
            case 2 -> KeyQuery.suspended();
            case 3 -> KeyQuery.all();
            default -> KeyQuery.active();
        };
        List<UnaryOperator<KeyQuery>> filters = List.of(
                q -> q.ownedBy(KeyOwner.service("payroll")),
                q -> q.createdBy(UserId.of("ada")),
                q -> q.environment("test"),
                q -> q.scope(Scope.of("write")),
                q -> q.nameStartsWith("ACME"),
                q -> q.nameContains("eport"),
                q -> q.hint("aaaa"),
                q -> q.attribute("plan", "pro"),
                q -> q.createdFrom(NOW.plusMillis(2)),
                q -> q.createdBefore(NOW.plusMillis(4)),
                q -> q.lastUsedFrom(NOW.plusMillis(1)),
                q -> q.lastUsedBefore(NOW.plusMillis(3)),
                q -> q.expiresFrom(NOW.plusMillis(1)),
                q -> q.expiresBefore(NOW.plusMillis(2)));
        for (int i = random.nextInt(4); i > 0; i--) {
            query = filters.get(random.nextInt(filters.size())).apply(query);
        }
        query = query.orderedBy(List.of(Order.values()).get(random.nextInt(4)));
        return random.nextBoolean() ? query.descending() : query;
    }

    private static String oneOf(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private StoredKey named(String name) {
        return stored(samples.key(NORTH).name(KeyName.of(name)));
    }

    /** Returns all keys that a query selects. */
    private List<StoredKey> select(KeyQuery query) {
        return store.list(KeySelection.of(NORTH, query, NOW, 100));
    }

    private List<StoredKey> pages(KeyQuery query, int limit, Consumer<StoredKey> afterPage) {
        return pages(NORTH, query, limit, afterPage);
    }

    /** Reads pages until one is not full, and passes the last key of each to an action. */
    private List<StoredKey> pages(TenantId tenant, KeyQuery query, int limit, Consumer<StoredKey> afterPage) {
        List<StoredKey> seen = new ArrayList<>();
        KeySelection next = KeySelection.of(tenant, query, NOW, limit);
        List<StoredKey> page;
        do {
            page = store.list(next);
            seen.addAll(page);
            if (!page.isEmpty()) {
                StoredKey last = page.get(page.size() - 1);
                next = next.after(next.positionOf(last));
                afterPage.accept(last);
            }
        } while (page.size() == limit);
        return seen;
    }
}
