package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyQuery.Order;
import dev.keywright.management.NewKey;
import dev.keywright.management.PageCursor;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {

    private static final Instant LATER = Instant.parse("2025-04-01T00:00:00Z");

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);

    private List<ApiKey> issue(TenantKeys tenant, int count) {
        List<ApiKey> issued = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            issued.add(tenant.issue(REQUEST).key());
        }
        return issued;
    }

    private static List<ApiKey> readAll(TenantKeys tenant, KeyQuery query) {
        List<ApiKey> all = new ArrayList<>();
        Optional<PageCursor> next = Optional.empty();
        do {
            KeyPage<ApiKey> page = tenant.list(next.map(query::from).orElse(query));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit());
            all.addAll(page.items());
            next = page.next();
        } while (next.isPresent());
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 8, 100})
    void pagesOfAnySizeFormTheWholeList(int limit) {
        List<ApiKey> issued = issue(north, 7);
        issue(south, 3);

        assertThat(readAll(north, KeyQuery.active().limit(limit))).isEqualTo(issued);
    }

    @Test
    void fullPageWithoutMoreKeysIsTheLast() {
        issue(north, 2);

        assertThat(north.list(KeyQuery.active().limit(2)).next()).isEmpty();
        assertThat(north.list(KeyQuery.active().limit(1)).next()).isPresent();
    }

    @Test
    void queriesListTheKeysOfTheirState() {
        ApiKey active = north.issue(REQUEST).key();
        ApiKey revoked = north.revoke(north.issue(REQUEST).key().id(), "");
        ApiKey expired = north.issue(REQUEST.expiringAfter(Duration.ofHours(1))).key();
        ApiKey both = north.revoke(
                north.issue(REQUEST.expiringAfter(Duration.ofHours(1))).key().id(), "");
        fixture.later(Duration.ofHours(1));

        assertThat(readAll(north, KeyQuery.active())).containsExactly(active);
        assertThat(readAll(north, KeyQuery.revoked())).containsExactly(revoked, both);
        assertThat(readAll(north, KeyQuery.expired())).containsExactly(expired);
        assertThat(readAll(north, KeyQuery.all())).containsExactly(active, revoked, expired, both);
    }

    @Test
    void cursorIsStableUnderConcurrentWrites() {
        List<ApiKey> issued = issue(north, 4);
        KeyPage<ApiKey> first = north.list(KeyQuery.all().limit(2));

        north.revoke(issued.get(1).id(), "");
        fixture.later(Duration.ofDays(1));
        keys.operatedBy(new Job("purge")).purge(Duration.ofHours(1));
        ApiKey later = north.issue(REQUEST).key();

        assertThat(readAll(north, KeyQuery.all().limit(2).from(first.next().orElseThrow())))
                .containsExactly(issued.get(2), issued.get(3), later);
    }

    @Test
    void cursorOfAnotherTenantOrQueryIsRefused() {
        issue(north, 2);
        issue(south, 2);
        PageCursor cursor = north.list(KeyQuery.all().limit(1)).next().orElseThrow();

        assertRefused(() -> south.list(KeyQuery.all().from(cursor)));
        assertRefused(() -> north.list(KeyQuery.active().from(cursor)));
        char last = cursor.value().charAt(cursor.value().length() - 2);
        String forged = cursor.value().substring(0, cursor.value().length() - 2) + (last == 'A' ? "B" : "A") + "A";
        assertRefused(() -> north.list(KeyQuery.all().from(PageCursor.of(forged))));
        assertRefused(() -> north.list(KeyQuery.all().from(PageCursor.of("A"))));
        assertRefused(() -> north.list(KeyQuery.all().from(PageCursor.of("A".repeat(59)))));
        assertThatThrownBy(() -> PageCursor.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PageCursor.of("a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cursorOfOtherFiltersOrOrderIsRefused() {
        UserId ada = UserId.of("ada");
        KeyQuery all = KeyQuery.all();
        List<KeyQuery> queries = List.of(
                all,
                KeyQuery.active(),
                KeyQuery.suspended(),
                all.descending(),
                all.orderedBy(Order.NAME),
                all.orderedBy(Order.EXPIRES),
                all.orderedBy(Order.LAST_USED),
                all.ownedBy(KeyOwner.person(ada)),
                all.ownedBy(KeyOwner.service("ada")),
                all.createdBy(ada),
                all.environment("ada"),
                all.scope(Scope.of("ada")),
                all.nameStartsWith("ada"),
                all.nameContains("ada"),
                all.hint("ada"),
                all.attribute("a", "da"),
                all.attribute("ad", "a"),
                all.createdFrom(LATER),
                all.createdBefore(LATER),
                all.lastUsedFrom(LATER),
                all.lastUsedBefore(LATER),
                all.expiresFrom(LATER),
                all.expiresBefore(LATER));
        issue(north, 2);
        List<StoredKey> twoKeys = store.list(KeySelection.of(ADMIN.tenant(), all, fixture.now(), 2));
        TenantKeys anyList = fixture.keysIn(new ForwardingKeyStore() {
                    @Override
                    protected KeyStore delegate() {
                        return store;
                    }

                    @Override
                    public List<StoredKey> list(KeySelection selection) {
                        return twoKeys;
                    }
                })
                .managedBy(ADMIN);
        for (KeyQuery written : queries) {
            PageCursor cursor = anyList.list(written.limit(1)).next().orElseThrow();
            assertThat(anyList.list(written.limit(2).from(cursor)).items()).hasSize(2);
            for (KeyQuery read : queries) {
                if (read != written) {
                    assertRefused(() -> anyList.list(read.from(cursor)));
                }
            }
        }
    }

    @Test
    void pagesInAnyOrderFormTheWholeList() {
        NewKey expiring = REQUEST.expiringAfter(Duration.ofHours(1));
        ApiKey third = north.issue(NewKey.named("\uD83D\uDE00".repeat(100)).allowing("read:people"))
                .key();
        ApiKey second = north.issue(REQUEST.expiringAfter(Duration.ofHours(2))).key();
        ApiKey first = north.issue(expiring).key();

        assertThat(readAll(north, KeyQuery.all().orderedBy(Order.EXPIRES).limit(1)))
                .containsExactly(first, second, third);
        assertThat(readAll(north, KeyQuery.all().orderedBy(Order.NAME).limit(1)))
                .containsExactly(second, first, third);
        assertThat(readAll(
                        north, KeyQuery.all().orderedBy(Order.NAME).descending().limit(1)))
                .containsExactly(third, first, second);
        assertThat(readAll(north, KeyQuery.all().orderedBy(Order.LAST_USED).limit(1)))
                .containsExactly(third, second, first);
        assertThat(readAll(north, KeyQuery.all().descending().limit(1))).containsExactly(first, second, third);
    }

    @Test
    void listHasOnlyKeysThatPassEveryFilter() {
        ApiKey reports = north.issue(REQUEST).key();
        north.issue(NewKey.named("Reports").allowing("write:people"));
        north.issue(NewKey.named("Payroll").allowing("read:people"));

        assertThat(readAll(north, KeyQuery.active().nameStartsWith("REPORT").scope(Scope.of("read:people"))))
                .containsExactly(reports);
        assertThat(readAll(north, KeyQuery.revoked().nameStartsWith("report"))).isEmpty();
    }

    @Test
    void cursorsAreEncrypted() {
        issue(north, 2);

        String one = north.list(KeyQuery.all().limit(1)).next().orElseThrow().value();
        String again = north.list(KeyQuery.all().limit(1)).next().orElseThrow().value();

        assertThat(one).isNotEqualTo(again).hasSameSizeAs(again);
    }

    /** Without a pepper, anyone knows the key of cursors. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void forgedCursorWithoutPepperIsRefused(Order order) throws GeneralSecurityException {
        TenantKeys open = fixture.builder(store, Pepper.none()).build().managedBy(ADMIN);
        KeyQuery query = KeyQuery.all().orderedBy(order);
        boolean byName = order == Order.NAME;

        for (int length = 0; length <= 40; length++) {
            byte[] position = new byte[length];
            PageCursor cursor = forgedWithoutPepper(position, order);
            boolean valid = byName
                    ? length >= Long.BYTES
                    : length == 2 * Long.BYTES || (length == Long.BYTES && order != Order.CREATED);
            if (valid) {
                assertThat(open.list(query.from(cursor)).items()).isEmpty();
            } else {
                assertRefused(() -> open.list(query.from(cursor)));
            }
        }
        byte[] invalid = {0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xFF};
        assertRefused(() -> open.list(query.from(forgedWithoutPepper(invalid, order))));
        byte[] last = {127, -1, -1, -1, -1, -1, -1, -1, 127, -1, -1, -1, -1, -1, -1, -1};
        byte[] first = {-128, 0, 0, 0, 0, 0, 0, 0, -128, 0, 0, 0, 0, 0, 0, 0};
        if (!byName) {
            assertThat(open.list(query.from(forgedWithoutPepper(last, order))).items())
                    .isEmpty();
            assertThat(open.list(query.from(forgedWithoutPepper(first, order))).items())
                    .isEmpty();
        }
    }

    private static PageCursor forgedWithoutPepper(byte[] position, Order order) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec key = new SecretKeySpec("dev.keywright/v1".getBytes(StandardCharsets.US_ASCII), "AES");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        String list = "5:north" + order.name().length() + ":" + order + "5:false-5:false" + "-".repeat(15);
        cipher.updateAAD(list.getBytes(StandardCharsets.US_ASCII));
        byte[] encrypted = cipher.doFinal(position);
        byte[] bytes = ByteBuffer.allocate(nonce.length + encrypted.length)
                .put(nonce)
                .put(encrypted)
                .array();
        return PageCursor.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Test
    void cursorStaysValidAfterPepperRotation() {
        List<ApiKey> issued = issue(north, 2);
        PageCursor cursor = north.list(KeyQuery.all().limit(1)).next().orElseThrow();

        TenantKeys later = fixture.builder(store, OTHER_PEPPER, PEPPER).build().managedBy(ADMIN);

        assertThat(later.list(KeyQuery.all().from(cursor)).items()).containsExactly(issued.get(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE})
    void limitOfAPageIsFromOneToThousand(int limit) {
        assertThatThrownBy(() -> KeyQuery.all().limit(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be a number from 1 to 1000");
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("cursor must be one that a page of this list ended with");
    }
}
