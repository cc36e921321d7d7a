package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();

    private KeywrightBuilder builder() {
        return fixture.builder(store);
    }

    @Test
    void issueBeyondMaxActiveKeysIsAConflict() {
        KeywrightBuilder limited = builder().maxActiveKeys(2);
        TenantKeys north = limited.build().managedBy(ADMIN);
        KeyId first = north.issue(REQUEST).key().id();
        north.issue(REQUEST.expiringAfter(DAY));

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.TOO_MANY_KEYS))
                .hasMessageContaining("the limit of 2 active API keys");

        limited.build().managedBy(SOUTHERN_ADMIN).issue(REQUEST);
        north.revoke(first, "");
        north.issue(REQUEST);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(KeyConflictException.class);
        fixture.later(DAY);
        north.issue(REQUEST);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(KeyConflictException.class);
    }

    @Test
    void thousandActiveKeysAreTheDefaultMaximum() {
        TenantKeys north = Keywright.builder()
                .store(store)
                .scopes(Fixture.OFFERED)
                .pepper(Fixture.PEPPER)
                .maintenanceScheduler(task -> {})
                .build()
                .managedBy(ADMIN);
        for (int i = 0; i < 1000; i++) {
            north.issue(REQUEST);
        }

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("the limit of 1000 active API keys");
    }

    @Test
    void rotationIsAllowedAtTheLimit() {
        TenantKeys north = builder().maxActiveKeys(1).build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST).key().id();

        north.rotate(id, DAY);

        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(2);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(KeyConflictException.class);
    }

    @Test
    void rotatedKeyCountsAgainAfterItsSuccessorIsRevoked() {
        TenantKeys north = builder().maxActiveKeys(1).build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST).key().id();
        KeyId successor = north.rotate(id, DAY).successor().key().id();

        north.revoke(successor, "");

        assertThat(north.stream(KeyQuery.active()).toList())
                .extracting(ApiKey::id)
                .containsExactly(id);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(KeyConflictException.class);
    }

    @Test
    void keysDoNotExpireByDefault() {
        assertThat(expiryOf(builder(), REQUEST)).isNull();
    }

    @Test
    void defaultLifetimeAppliesWithoutExpiry() {
        KeywrightBuilder withDefault = builder().defaultLifetime(Duration.ofDays(90));

        assertThat(expiryOf(withDefault, REQUEST)).isEqualTo(day(90));
        assertThat(expiryOf(withDefault, REQUEST.expiringAfter(Duration.ofDays(400))))
                .isEqualTo(day(400));
    }

    @Test
    void expiryBeyondMaxLifetimeIsRefused() {
        KeywrightBuilder withMax = builder().maxLifetime(Duration.ofDays(365));

        assertThat(expiryOf(withMax, REQUEST)).isEqualTo(day(365));
        assertThat(expiryOf(withMax, REQUEST.expiringAfter(Duration.ofDays(365))))
                .isEqualTo(day(365));
        assertThat(expiryOf(withMax.defaultLifetime(DAY), REQUEST)).isEqualTo(day(1));
        NewKey tooLong = REQUEST.expiringAfter(Duration.ofDays(365).plusMillis(1));
        assertThatThrownBy(() -> withMax.build().managedBy(ADMIN).issue(tooLong))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("expiresAt must not lie after 2026-03-10T00:00");
    }

    @Test
    void successorIsSubjectToThePresentMaxLifetime() {
        KeyId unlimited =
                builder().build().managedBy(ADMIN).issue(REQUEST).key().id();
        KeyId forTwoYears = builder()
                .build()
                .managedBy(ADMIN)
                .issue(REQUEST.expiringAfter(Duration.ofDays(730)))
                .key()
                .id();
        TenantKeys north = builder().maxLifetime(Duration.ofDays(365)).build().managedBy(ADMIN);

        for (KeyId id : List.of(unlimited, forTwoYears)) {
            assertThat(north.rotate(id, DAY).successor().key().expiresAt()).contains(day(365));
        }
    }

    @Test
    void successorOfUnlimitedKeyIsUnlimited() {
        KeyId unlimited =
                builder().build().managedBy(ADMIN).issue(REQUEST).key().id();
        TenantKeys north = builder().defaultLifetime(DAY).build().managedBy(ADMIN);

        assertThat(north.rotate(unlimited, DAY).successor().key().expiresAt()).isEmpty();
    }

    @Test
    void successorExpiresInTheYear9999AtTheLatest() {
        Instant latest = Instant.parse("9999-12-31T23:59:59.999Z");
        TenantKeys north = builder().build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST.expiringAt(latest)).key().id();
        fixture.later(DAY);

        assertThat(north.rotate(id, DAY).successor().key().expiresAt()).contains(latest);
    }

    @Test
    void invalidLimitsAreRefused() {
        assertThatThrownBy(() -> builder().maxActiveKeys(0)).isInstanceOf(IllegalArgumentException.class);
        for (Duration bad : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ZERO,
                Duration.ofNanos(1),
                DAY.negated(),
                Duration.ofDays(36_501))) {
            assertThatThrownBy(() -> builder().defaultLifetime(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder().maxLifetime(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder().expiryWarnings(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder().expiryWarnings(DAY, bad)).isInstanceOf(IllegalArgumentException.class);
        }
        KeywrightBuilder contradictory =
                builder().defaultLifetime(DAY.multipliedBy(2)).maxLifetime(DAY);
        assertThatThrownBy(contradictory::build).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void expiryWarningsAreDistinctAndAtMostTen() {
        Duration[] nine =
                IntStream.rangeClosed(2, 10).mapToObj(Duration::ofDays).toArray(Duration[]::new);
        Duration[] ten = IntStream.rangeClosed(2, 11).mapToObj(Duration::ofDays).toArray(Duration[]::new);

        builder().expiryWarnings(DAY, nine);
        assertThatThrownBy(() -> builder().expiryWarnings(DAY, ten))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expiryWarnings must be at most 10, were 11");
        assertThatThrownBy(() -> builder().expiryWarnings(DAY, Duration.ofHours(1), Duration.ofHours(24)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expiryWarnings must not have duplicates, had two of PT24H");
        assertThatThrownBy(() -> builder().expiryWarnings(DAY, DAY.plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duplicates");
    }

    private static Instant expiryOf(KeywrightBuilder keys, NewKey request) {
        return keys.build().managedBy(ADMIN).issue(request).key().expiresAt().orElse(null);
    }

    private static Instant day(int n) {
        return Instant.parse("2025-03-10T00:00:00Z").plus(Duration.ofDays(n));
    }
}
