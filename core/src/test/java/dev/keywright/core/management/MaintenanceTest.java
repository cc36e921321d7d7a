package dev.keywright.core.management;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.NotPermittedException;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.CapturedLog;
import dev.keywright.core.Fixture;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.format.DigestAlgorithm;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageStore;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Recording of usage and delivery of events. Closing delivers queued events, so it comes at the end of each test. */
class MaintenanceTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final UsageStore usage = mock(UsageStore.class, delegatesTo(memory));
    private final KeyStore store = mock(KeyStore.class, delegatesTo(new ForwardingKeyStore() {
        @Override
        protected KeyStore delegate() {
            return memory;
        }

        @Override
        public Optional<UsageStore> usageStore() {
            return Optional.of(usage);
        }
    }));
    private final RecordingListener listener = new RecordingListener();
    private final ApiKeys keys = fixture.builder(store).listener(listener).build();
    private final TenantKeys north = keys.managedBy(ADMIN);

    /** Records events as short texts. */
    private static final class RecordingListener implements KeyListener {
        private final Queue<String> events = new ConcurrentLinkedQueue<>();

        @Override
        public void issued(ApiKey key) {
            events.add("issued " + key.id() + " by " + key.createdBy());
        }

        @Override
        public void changed(ApiKey before, ApiKey after, Actor by) {
            events.add("changed " + before.name() + " to " + after.name() + " by " + by);
        }

        @Override
        public void rotated(ApiKey predecessor, ApiKey successor) {
            events.add("rotated " + predecessor.id() + " to " + successor.id());
        }

        @Override
        public void revoked(ApiKey key) {
            events.add("revoked " + key.id() + " by "
                    + key.revocation().orElseThrow().by());
        }

        @Override
        public void revokedAll(TenantId tenant, long count, Revocation revocation) {
            events.add("revoked all " + count + " of " + tenant + ": " + revocation.reason());
        }

        @Override
        public void expiring(ApiKey key, Duration warning) {
            events.add("expiring " + key.id() + " within " + warning.toHours() + " hours");
        }

        @Override
        public void managementRefused(ManagementSession session, String why, long heldBack) {
            events.add("refused " + session.user() + ": " + why + " and " + heldBack + " more");
        }

        @Override
        public void verificationRejected(Rejected rejected, long heldBack) {
            events.add("rejected " + rejected.reason() + " and " + heldBack + " more");
        }
    }

    private List<String> deliveredEvents() {
        keys.close();
        return List.copyOf(listener.events);
    }

    @Test
    void eachChangeOfAKeyPublishesOneEvent() {
        KeyId id = north.issue(REQUEST).key().id();
        north.change(id, KeyChange.ifVersion(1).rename("Payroll"));
        KeyId successor = north.rotate(id, DAY).successor().key().id();
        north.completeRotation(id);
        north.completeRotation(id);
        north.revoke(successor, "");
        north.revoke(successor, "");
        KeyId last = north.issue(REQUEST).key().id();
        north.revokeAll("moved away");

        assertThat(deliveredEvents())
                .containsExactly(
                        "issued " + id + " by person:ada of north",
                        "changed Reporting Script to Payroll by person:ada of north",
                        "rotated " + id + " to " + successor,
                        "revoked " + id + " by person:ada of north",
                        "revoked " + successor + " by person:ada of north",
                        "issued " + last + " by person:ada of north",
                        "revoked all 1 of north: moved away");
    }

    @Test
    void failedWritesPublishNoEvent() {
        IssuedKey issued = north.issue(REQUEST);
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .change(any(), any());
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .insert(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() ->
                        north.change(issued.key().id(), KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(deliveredEvents()).hasSize(1);
    }

    @Test
    void revocationByPossessionAndImportsAreEvents() {
        IssuedKey issued = north.issue(REQUEST);
        keys.revokeByPossession(issued.secret(), "leaked");
        ApiKeys importing = fixture.builder(store)
                .listener(listener)
                .uncheckedImports(ImportDigest.sha256())
                .build();
        String digest = HexFormat.of().formatHex(DigestAlgorithm.sha(256).digest("ck_from before"));
        importing
                .operatedBy(new Job("import"))
                .importKeys(
                        List.of(ImportedKey.digested(digest)
                                .prefixed("ck_")
                                .of("north")
                                .named("Old")
                                .allowing("read:people")
                                .hint("0000")),
                        progress -> {});
        importing.close();

        KeyId imported = north.stream(KeyQuery.active()).toList().get(0).id();
        assertThat(deliveredEvents())
                .contains("revoked " + issued.key().id() + " by holder", "issued " + imported + " by job:import");
    }

    @Test
    void refusalsAndRejectionsAreEvents() {
        ManagementSession mo = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));
        assertThatThrownBy(() -> keys.managedBy(mo)).isInstanceOf(NotPermittedException.class);
        keys.verify("nonsense");
        keys.verify("more nonsense");
        IssuedKey issued = north.issue(REQUEST);
        keys.verify(issued.secret().reveal(), Scope.of("write:people"));

        keys.verify("still nonsense");

        assertThat(deliveredEvents().stream().filter(event -> !event.startsWith("issued")))
                .containsExactly(
                        "refused mo: you may not manage API keys; ask an administrator and 0 more",
                        "rejected MALFORMED and 0 more",
                        "rejected MISSING_SCOPE and 0 more",
                        "rejected MALFORMED and 1 more");
    }

    @Test
    void refusedManagementIsLoggedOnceAMinute() {
        ManagementSession mo = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> keys.managedBy(mo)).isInstanceOf(NotPermittedException.class);
            }
            assertThat(log.toString().lines().filter(line -> line.contains("management.refused")))
                    .hasSize(1);
        }
    }

    @Test
    void expiringKeyIsAnnouncedOnceForEachWarning() {
        KeyId id =
                north.issue(REQUEST.expiringAfter(DAY.multipliedBy(40))).key().id();
        north.issue(REQUEST);
        for (int day = 0; day < 45; day++) {
            fixture.runMaintenance();
            fixture.runMaintenance();
            fixture.later(DAY);
        }

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .containsExactly(
                        "expiring " + id + " within 720 hours",
                        "expiring " + id + " within 168 hours",
                        "expiring " + id + " within 24 hours");
    }

    @Test
    void eachWarningComesWhenItIsDue() {
        ApiKey key = north.issue(REQUEST.expiringAfter(DAY.multipliedBy(40))).key();
        try (CapturedLog log = new CapturedLog()) {
            int announced = 0;
            for (int days : List.of(30, 7, 1)) {
                Instant due = key.expiresAt().orElseThrow().minus(DAY.multipliedBy(days));
                fixture.later(Duration.between(fixture.now(), due.minusMillis(1)));
                fixture.runMaintenance();
                assertThat(log.linesFrom("event=key.expiring")).hasSize(announced);

                fixture.later(Duration.ofMillis(1));
                fixture.runMaintenance();
                announced++;
                assertThat(log.linesFrom("event=key.expiring")).hasSize(announced);
            }
        }
    }

    @Test
    void keyWithLessTimeThanAllWarningsIsAnnouncedOnce() {
        KeyId id =
                north.issue(REQUEST.expiringAfter(Duration.ofHours(12))).key().id();
        fixture.runMaintenance();
        fixture.later(Duration.ofHours(11));
        fixture.runMaintenance();

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .containsExactly("expiring " + id + " within 24 hours");
    }

    @Test
    void expiringKeyIsAnnouncedByOneNode() {
        KeyId id = north.issue(REQUEST.expiringAfter(DAY)).key().id();
        fixture.runMaintenance();
        ApiKeys otherNode = fixture.builder(store).listener(listener).build();
        fixture.runMaintenance();
        otherNode.close();

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .containsExactly("expiring " + id + " within 24 hours");
    }

    @Test
    void failedClaimLeavesItsKeysToNoLongerWarning() {
        KeyId id =
                north.issue(REQUEST.expiringAfter(Duration.ofHours(12))).key().id();
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .doAnswer(call -> memory.claimExpiring(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(usage)
                .claimExpiring(any(), any(), anyInt());
        fixture.runMaintenance();
        fixture.runMaintenance();

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .containsExactly("expiring " + id + " within 24 hours");
    }

    @Test
    void manyExpiringKeysAreAllAnnounced() {
        for (int i = 0; i < 250; i++) {
            north.issue(REQUEST.expiringAfter(DAY));
        }
        fixture.runMaintenance();

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .hasSize(250);
    }

    @Test
    void expiringKeysBeyondTheListenersQueueAreLeft() {
        CountDownLatch release = new CountDownLatch(1);
        Queue<KeyId> announced = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 1_500; i++) {
            north.issue(REQUEST.expiringAfter(DAY));
        }
        ApiKeys slow = fixture.builder(memory)
                .listener(new KeyListener() {
                    @Override
                    public void expiring(ApiKey key, Duration warning) {
                        announced.add(key.id());
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .build();

        fixture.runMaintenance();
        int left =
                memory.claimExpiring(fixture.now(), DAY.multipliedBy(30), 2_000).size();
        release.countDown();
        slow.close();

        assertThat(left).isBetween(499, 500);
        assertThat(announced).hasSize(1_500 - left).doesNotHaveDuplicates();
    }

    @Test
    void longerWarningsWaitForKeysThatAreLeft() {
        EventPublisher events = mock(EventPublisher.class);
        // No room is left after the first claim, and the listener frees some before the next warning.
        when(events.remainingCapacity()).thenReturn(1, 0, 1);
        List<Duration> claimed = new ArrayList<>();
        Maintenance maintenance = new Maintenance(
                (now, warning, limit) -> {
                    claimed.add(warning);
                    return List.of(mock(StoredKey.class));
                },
                Clock.systemUTC(),
                Set.of(DAY.multipliedBy(7), DAY),
                mock(UsageBuffer.class),
                events);

        maintenance.run();

        assertThat(claimed).containsExactly(DAY);
    }

    @Test
    void expiryWarningsAreConfigurableInAnyOrder() {
        KeyId id = keys.managedBy(SOUTHERN_ADMIN)
                .issue(REQUEST.expiringAfter(DAY))
                .key()
                .id();
        ApiKeys hourly = fixture.builder(store)
                .listener(listener)
                .expiryWarnings(Duration.ofHours(3), Duration.ofHours(1), Duration.ofHours(2))
                .build();
        fixture.runMaintenance();
        fixture.later(DAY.minus(Duration.ofMinutes(90)));
        fixture.runMaintenance();
        fixture.later(Duration.ofMinutes(60));
        fixture.runMaintenance();
        hourly.close();

        assertThat(deliveredEvents().stream().filter(event -> event.startsWith("expiring")))
                .containsExactly("expiring " + id + " within 2 hours", "expiring " + id + " within 1 hours");
    }

    @Test
    void unavailableStoreStopsNeitherTheScheduleNorVerification() {
        IssuedKey issued = north.issue(REQUEST.expiringAfter(DAY));
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .doThrow(new IllegalStateException("broken"))
                .when(usage)
                .claimExpiring(any(), any(), anyInt());
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(usage)
                .recordUsage(any());

        assertThat(Fixture.outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
        assertThatCode(fixture::runMaintenance).doesNotThrowAnyException();
        assertThatCode(fixture::runMaintenance).doesNotThrowAnyException();
        assertThat(Fixture.outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(north.get(issued.key().id()).usage()).isEmpty();

        assertThat(deliveredEvents()).anyMatch(event -> event.startsWith("issued"));
    }

    @Test
    void errorOfOneTaskStopsNoOther() {
        IssuedKey issued = north.issue(REQUEST.expiringAfter(DAY));
        doThrow(new NoClassDefFoundError("a driver's class"))
                .doAnswer(call -> memory.claimExpiring(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(usage)
                .claimExpiring(any(), any(), anyInt());
        keys.verify(issued.secret().reveal());

        assertThatCode(fixture::runMaintenance).doesNotThrowAnyException();

        assertThat(north.get(issued.key().id()).usage()).isPresent();
        fixture.runMaintenance();
        assertThat(deliveredEvents()).contains("expiring " + issued.key().id() + " within 24 hours");
    }

    @Test
    void failingLogStopsNoTask() {
        IssuedKey issued = north.issue(REQUEST.expiringAfter(DAY));
        doThrow(new IllegalStateException("broken"))
                .doAnswer(call -> memory.claimExpiring(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(usage)
                .claimExpiring(any(), any(), anyInt());
        PrintStream before = System.err;
        System.setErr(null);
        try {
            assertThatCode(fixture::runMaintenance).doesNotThrowAnyException();
        } finally {
            System.setErr(before);
        }

        fixture.runMaintenance();
        assertThat(deliveredEvents()).contains("expiring " + issued.key().id() + " within 24 hours");
    }

    @Test
    void closeRecordsUsageAndIsIdempotent() {
        IssuedKey issued = north.issue(REQUEST);
        keys.verify(issued.secret().reveal());

        keys.close();

        assertThat(north.get(issued.key().id()).usage().orElseThrow().count()).isEqualTo(1);
        assertThatCode(keys::close).doesNotThrowAnyException();
        assertThatCode(fixture::runMaintenance).doesNotThrowAnyException();
        assertThat(Fixture.outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void defaultThreadIsADaemonAndStopsOnClose() throws Exception {
        ApiKeys own = Keywright.builder()
                .store(memory)
                .scopes(Fixture.OFFERED)
                .pepper(Fixture.PEPPER)
                .build();
        List<Thread> threads = maintenanceThreads();
        assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);

        own.close();

        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static List<Thread> maintenanceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("keywright-maintenance"))
                .toList();
    }
}
