package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.NewKey;
import dev.keywright.NotYetEverywhere;
import dev.keywright.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseWaitTest {

    private static final Duration LEASE = Duration.ofMillis(250);
    private static final Duration WAIT = Duration.ofNanos(312_500_000);

    private final Fixture fixture = new Fixture();
    private final HandTurned time = new HandTurned();
    private final KeyStore leased = mock(KeyStore.class);
    private final TenantKeys keys = new ManagedKeys(
            Fixture.ADMIN,
            new ManagedKeys.Means(
                    leased,
                    Fixture.OFFERED,
                    Fixture.PEPPER,
                    fixture.clock,
                    new RandomText(new SecureRandom()),
                    new LeaseWait(time)));

    /** Time goes on only while somebody sleeps, and each sleep ends a little early, as sleeps may. */
    private static final class HandTurned implements LeaseWait.MonotonicTime {
        private final List<Long> sleeps = new ArrayList<>();
        private long now = Long.MAX_VALUE - 1;
        private boolean interrupt;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            if (interrupt) {
                throw new InterruptedException();
            }
            sleeps.add(nanos);
            now += nanos > 1_000 ? nanos - 1_000 : nanos;
        }

        private Duration waited() {
            return Duration.ofNanos(now - (Long.MAX_VALUE - 1));
        }
    }

    @AfterEach
    void clearTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void revokingReturnsOneAndAQuarterLeasesAfterTheCommit() {
        answer(true, LEASE);

        keys.revoke(KeyId.of("key"), "");

        assertThat(time.waited()).isEqualTo(WAIT);
        assertThat(time.sleeps).hasSize(2);
    }

    @Test
    void revokingWaitsAlsoWhereTheKeyWasRevokedAlready() {
        answer(false, LEASE);

        keys.revoke(KeyId.of("key"), "");

        assertThat(time.waited()).isEqualTo(WAIT);
    }

    @Test
    void revokingReturnsAtOnceWhereNobodyCaches() {
        answer(true, Duration.ZERO);

        keys.revoke(KeyId.of("key"), "");

        assertThat(time.sleeps).isEmpty();
    }

    @Test
    void anInterruptedWaitHasItsOwnOutcomeAndKeepsTheFlag() {
        answer(true, LEASE);
        time.interrupt = true;

        assertThatThrownBy(() -> keys.revoke(KeyId.of("key"), "")).isInstanceOf(NotYetEverywhere.class);

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    private void answer(boolean changed, Duration lease) {
        InMemoryKeyStore memory = new InMemoryKeyStore();
        ApiKey key = fixture.keysIn(memory)
                .managedBy(Fixture.ADMIN)
                .issue(NewKey.named("Reporting Script").allowing("read:people"))
                .key();
        Optional<StoredKey> stored = memory.find(key.tenant(), key.id());
        when(leased.revoke(any(), any(), any())).thenReturn(new Written(stored, changed, 7, lease));
    }
}
