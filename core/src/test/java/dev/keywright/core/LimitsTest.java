package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.Conflict;
import dev.keywright.InvalidRequest;
import dev.keywright.IssuedKey;
import dev.keywright.KeyId;
import dev.keywright.NewKey;
import dev.keywright.TenantKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();

    private Keywright builder() {
        return fixture.builder(store);
    }

    @Test
    void aTenantHasNoMoreActiveKeysThanItMay() {
        Keywright limited = builder().mostActiveKeys(2);
        TenantKeys north = limited.build().managedBy(ADMIN);
        KeyId first = north.issue(REQUEST).key().id();
        north.issue(REQUEST.endingAfter(DAY));

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOfSatisfying(
                        Conflict.class, e -> assertThat(e.rule()).isEqualTo(Conflict.Rule.TOO_MANY_KEYS))
                .hasMessageContaining("there are 2 active API keys");

        limited.build().managedBy(SOUTHERN_ADMIN).issue(REQUEST);
        north.revoke(first, "");
        north.issue(REQUEST);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(Conflict.class);
        fixture.later(DAY);
        north.issue(REQUEST);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(Conflict.class);
    }

    @Test
    void thousandActiveKeysAreTheDefaultMaximum() {
        TenantKeys north = Keywright.using(store)
                .offering(Fixture.OFFERED)
                .pepper(Fixture.PEPPER)
                .housekeeping(task -> {})
                .build()
                .managedBy(ADMIN);
        for (int i = 0; i < 1000; i++) {
            north.issue(REQUEST);
        }

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("there are 1000 active API keys");
    }

    @Test
    void theNumberIsExactWhenManyIssueAtOnce() throws Exception {
        TenantKeys north = builder().mostActiveKeys(10).build().managedBy(ADMIN);
        ExecutorService pool = Executors.newFixedThreadPool(32);
        CountDownLatch ready = new CountDownLatch(32);

        List<Future<IssuedKey>> attempts = IntStream.range(0, 32)
                .mapToObj(i -> pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return north.issue(REQUEST);
                }))
                .toList();
        pool.shutdown();
        int issued = 0;
        for (Future<IssuedKey> attempt : attempts) {
            try {
                attempt.get();
                issued++;
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(Conflict.class);
            }
        }

        assertThat(issued).isEqualTo(10);
        assertThat(north.list()).hasSize(10);
    }

    @Test
    void aRotationNeedsNoRoom() {
        TenantKeys north = builder().mostActiveKeys(1).build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST).key().id();

        north.rotate(id, DAY);

        assertThat(north.list()).hasSize(2);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(Conflict.class);
    }

    @Test
    void aRotationWhoseNewKeyIsRevokedMakesNoRoom() {
        TenantKeys north = builder().mostActiveKeys(1).build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST).key().id();
        KeyId successor = north.rotate(id, DAY).successor().key().id();

        north.revoke(successor, "");

        assertThat(north.list()).extracting(ApiKey::id).containsExactly(id);
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(Conflict.class);
    }

    @Test
    void nothingEndsUnlessSomebodySaidSo() {
        assertThat(end(builder(), REQUEST)).isNull();
    }

    @Test
    void aKeyOfWhichNobodySaysWhenItEndsLivesForTheNormalTime() {
        Keywright normal = builder().normalLifetime(Duration.ofDays(90));

        assertThat(end(normal, REQUEST)).isEqualTo(day(90));
        assertThat(end(normal, REQUEST.endingAfter(Duration.ofDays(400)))).isEqualTo(day(400));
    }

    @Test
    void noKeyLivesLongerThanTheLongestTime() {
        Keywright longest = builder().longestLifetime(Duration.ofDays(365));

        assertThat(end(longest, REQUEST)).isEqualTo(day(365));
        assertThat(end(longest, REQUEST.endingAfter(Duration.ofDays(365)))).isEqualTo(day(365));
        assertThat(end(longest.normalLifetime(DAY), REQUEST)).isEqualTo(day(1));
        NewKey tooLong = REQUEST.endingAfter(Duration.ofDays(365).plusMillis(1));
        assertThatThrownBy(() -> longest.build().managedBy(ADMIN).issue(tooLong))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("endsAt must not lie after 2026-03-10T00:00");
    }

    @Test
    void theSuccessorOfAKeyKeepsToTheLimitsOfToday() {
        KeyId endless = builder().build().managedBy(ADMIN).issue(REQUEST).key().id();
        KeyId twoYears = builder()
                .build()
                .managedBy(ADMIN)
                .issue(REQUEST.endingAfter(Duration.ofDays(730)))
                .key()
                .id();
        TenantKeys north =
                builder().longestLifetime(Duration.ofDays(365)).build().managedBy(ADMIN);

        for (KeyId id : List.of(endless, twoYears)) {
            assertThat(north.rotate(id, DAY).successor().key().endsAt()).contains(day(365));
        }
    }

    @Test
    void theSuccessorOfAKeyThatNeverEndsNeverEndsWhereNobodySetsALongestTime() {
        KeyId endless = builder().build().managedBy(ADMIN).issue(REQUEST).key().id();
        TenantKeys north = builder().normalLifetime(DAY).build().managedBy(ADMIN);

        assertThat(north.rotate(endless, DAY).successor().key().endsAt()).isEmpty();
    }

    @Test
    void theSuccessorOfAKeyThatWasToLiveForThousandsOfYearsEndsInTheYear9999() {
        Instant latest = Instant.parse("9999-12-31T23:59:59.999Z");
        TenantKeys north = builder().build().managedBy(ADMIN);
        KeyId id = north.issue(REQUEST.endingAt(latest)).key().id();
        fixture.later(DAY);

        assertThat(north.rotate(id, DAY).successor().key().endsAt()).contains(latest);
    }

    @Test
    void limitsThatMakeNoSenseAreMistakesInTheProgram() {
        assertThatThrownBy(() -> builder().mostActiveKeys(0)).isInstanceOf(IllegalArgumentException.class);
        for (Duration bad : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ZERO,
                Duration.ofNanos(1),
                DAY.negated(),
                Duration.ofDays(36_501))) {
            assertThatThrownBy(() -> builder().normalLifetime(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder().longestLifetime(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder().warningBefore(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        Keywright contradictory = builder().normalLifetime(DAY.multipliedBy(2)).longestLifetime(DAY);
        assertThatThrownBy(contradictory::build).isInstanceOf(IllegalStateException.class);
    }

    private static Instant end(Keywright keys, NewKey request) {
        return keys.build().managedBy(ADMIN).issue(request).key().endsAt().orElse(null);
    }

    private static Instant day(int n) {
        return Instant.parse("2025-03-10T00:00:00Z").plus(Duration.ofDays(n));
    }
}
