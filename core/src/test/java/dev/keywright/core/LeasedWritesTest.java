package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.LeasedStore.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes that restrict a key return only after the revocation barrier. */
class LeasedWritesTest {

    private static final Duration BARRIER = LEASE.plus(LEASE.dividedBy(4));
    private static final Duration DAY = Duration.ofDays(1);

    private final SleepTime time = new SleepTime();
    private final Fixture fixture = new Fixture();
    private final KeyStore store = LeasedStore.on(new InMemoryKeyStore());
    private final ApiKeys keys = fixture.builder(store).monotonicTime(time).build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued =
            north.issue(NewKey.named("Reporting Script").allowing("read:people"));
    private final KeyId id = issued.key().id();

    /** Time that advances only during sleeps. */
    private static final class SleepTime implements MonotonicTime {
        private long now;
        private boolean interrupt;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            if (interrupt) {
                interrupt = false;
                throw new InterruptedException();
            }
            now += nanos;
        }
    }

    @AfterEach
    void clearInterruptFlag() {
        Thread.interrupted();
    }

    private Duration waited() {
        return Duration.ofNanos(time.now);
    }

    @Test
    void issueDoesNotWait() {
        assertThat(waited()).isZero();
    }

    @Test
    void revokingAgainWaitsAgain() {
        north.revoke(id, "");
        assertThat(waited()).isEqualTo(BARRIER);

        north.revoke(id, "");
        assertThat(waited()).isEqualTo(BARRIER.multipliedBy(2));
    }

    @Test
    void revokingSeveralWaitsOnce() {
        KeyId other =
                north.issue(NewKey.named("Other").allowing("read:people")).key().id();

        north.revoke(List.of(id, other), "");

        assertThat(waited()).isEqualTo(BARRIER);
    }

    @Test
    void revokeAllWaits() {
        north.revokeAll("");
        assertThat(waited()).isEqualTo(BARRIER);
    }

    @Test
    void revocationByPossessionWaits() {
        keys.revokeByPossession(issued.secret(), "");
        assertThat(waited()).isEqualTo(BARRIER);
    }

    @Test
    void changeWaits() {
        north.change(id, KeyChange.ifVersion(1).rename("Payroll"));
        assertThat(waited()).isEqualTo(BARRIER);
    }

    @Test
    void revokingAPurgedKeyWaitsBeforeItIsNotFound() {
        north.revoke(id, "");
        purge();

        assertWaitsAndFindsNothing(() -> north.revoke(id, ""));
        assertWaitsAndFindsNothing(() -> north.revoke(List.of(id), ""));
        assertWaitsAndFindsNothing(() -> north.completeRotation(id));
    }

    private void assertWaitsAndFindsNothing(ThrowingCallable call) {
        Duration before = waited();
        assertThatThrownBy(call).isInstanceOf(KeyNotFoundException.class);
        assertThat(waited().minus(before)).isEqualTo(BARRIER);
    }

    @Test
    void purgeAndTenantDeletionWait() {
        north.revoke(id, "");
        Duration before = waited();

        purge();
        assertThat(waited().minus(before)).isEqualTo(BARRIER);

        keys.operatedBy(new Job("cleaning")).deleteTenant(ADMIN.tenant());
        assertThat(waited().minus(before)).isEqualTo(BARRIER.multipliedBy(3));
    }

    @Test
    void repeatedImportWaitsUnderAnyPepper() {
        ImportDigest digest = ImportDigest.sha256();
        ImportedKey row = ImportedKey.digested(
                        HexFormat.of().formatHex(digest.algorithm().digest("legacy_00112233445566778899aabbccddeeff")))
                .prefixed("legacy_")
                .of("north")
                .named("Payroll")
                .allowing("read:people")
                .hint("eeff");
        for (Pepper issuing : List.of(Fixture.PEPPER, Fixture.OTHER_PEPPER)) {
            Duration before = waited();

            fixture.builder(store, issuing, Fixture.PEPPER, Fixture.OTHER_PEPPER)
                    .importFormat(ImportFormat.prefix("legacy_")
                            .alphabet("0123456789abcdef")
                            .length(32)
                            .digestOfText(digest))
                    .monotonicTime(time)
                    .build()
                    .operatedBy(new Job("import"))
                    .importKeys(List.of(row));

            assertThat(waited().minus(before)).isEqualTo(BARRIER);
        }
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(2);
    }

    private void purge() {
        fixture.later(DAY);
        assertThat(keys.operatedBy(new Job("cleaning")).purge(Duration.ofHours(1)))
                .isEqualTo(1);
    }

    @Test
    void revokingByCreatorWaitsOnce() {
        north.issue(NewKey.named("Other").allowing("read:people"));

        assertThat(north.revokeCreatedBy(ADMIN.user(), "left")).isEqualTo(2);
        assertThat(waited()).isEqualTo(BARRIER);
        assertThat(north.revokeCreatedBy(ADMIN.user(), "left")).isZero();
        assertThat(waited()).isEqualTo(BARRIER.multipliedBy(2));
    }

    @Test
    void revokingByOwnerWaitsOnce() {
        KeyOwner owner = KeyOwner.service("payroll");
        north.issue(NewKey.named("Other").allowing("read:people").ownedBy(owner));

        assertThat(north.revokeOwnedBy(owner, "left")).isEqualTo(1);
        assertThat(waited()).isEqualTo(BARRIER);
        assertThat(north.revokeOwnedBy(owner, "left")).isZero();
        assertThat(waited()).isEqualTo(BARRIER.multipliedBy(2));
    }

    @Test
    void suspendingAndResumingWaitEvenIfNothingChanges() {
        for (int i = 1; i <= 2; i++) {
            north.suspend(id, "");
            assertThat(waited()).isEqualTo(BARRIER.multipliedBy(i));
        }
        for (int i = 3; i <= 4; i++) {
            north.resume(id);
            assertThat(waited()).isEqualTo(BARRIER.multipliedBy(i));
        }
    }

    @Test
    void suspendingARevokedKeyWaitsBeforeTheConflict() {
        north.revoke(id, "");
        Duration before = waited();

        assertThatThrownBy(() -> north.suspend(id, "")).isInstanceOf(KeyConflictException.class);
        assertThat(waited().minus(before)).isEqualTo(BARRIER);
    }

    @Test
    void ownKeyThatIsNotFoundWaitsToo() {
        ManagedKeys own = fixture.builder(store)
                .monotonicTime(time)
                .ownKeys(OwnKeyPolicy.upTo("read:people"))
                .build()
                .ownKeysOf(ADMIN);

        assertWaitsAndFindsNothing(() -> own.revoke(id, ""));
        assertWaitsAndFindsNothing(() -> own.completeRotation(KeyId.of("key_missing")));
    }

    @Test
    void rotationAndItsCompletionWait() {
        north.rotate(id, DAY);
        assertThat(waited()).isEqualTo(BARRIER);

        north.completeRotation(id);
        assertThat(waited()).isEqualTo(BARRIER.multipliedBy(2));
    }

    @Test
    void interruptedBarrierThrowsAndKeepsTheInterruptFlag() {
        time.interrupt = true;

        assertThatThrownBy(() -> north.revoke(id, "")).isInstanceOf(BarrierInterruptedException.class);

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(north.get(id).revocation()).isPresent();
    }

    @Test
    void interruptedRotationWaitsSoThatItsSecretIsNotLost() {
        time.interrupt = true;

        Rotation rotation = north.rotate(id, DAY);

        assertThat(rotation.successor().secret()).isNotNull();
        assertThat(waited()).isEqualTo(BARRIER);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
