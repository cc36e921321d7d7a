package dev.keywright.core.cache;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.issue;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.KeyUsage;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.CapturedLog;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Metronome;
import dev.keywright.management.CacheStats;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** The cache through the public API; the test controls when its thread polls. */
@Timeout(60)
class CacheTest {

    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");
    private static final Scope READ_PEOPLE = Scope.of("read:people");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final AtomicInteger lookups = new AtomicInteger();
    private final KeyStore store = Mockito.mock(KeyStore.class, AdditionalAnswers.delegatesTo(memory));
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicBoolean leaseIsLost = new AtomicBoolean();
    private final AtomicBoolean stuck = new AtomicBoolean();
    private final AtomicBoolean closeThrows = new AtomicBoolean();
    private final AtomicLong lag = new AtomicLong();
    private final AtomicInteger openFeeds = new AtomicInteger();
    private final Metronome time = new Metronome();
    private final ApiKeys keys;
    private final IssuedKey issued;
    private final String token;

    CacheTest() throws Exception {
        Mockito.doAnswer(call -> {
                    lookups.incrementAndGet();
                    LookupSnapshot snapshot = memory.findByDigest(call.getArgument(0));
                    return LookupSnapshot.of(snapshot.key(), snapshot.revision() - lag.get());
                })
                .when(store)
                .findByDigest(Mockito.any());
        Mockito.doAnswer(call -> openFeed(call.getArgument(0))).when(store).openChangeFeed(Mockito.any());
        issued = issue(fixture.keysIn(memory).managedBy(ADMIN), "read:people");
        token = issued.secret().reveal();
        keys = fixture.builder(store, time).cache(100).build();
        time.awaitPoll();
    }

    private ChangeFeed openFeed(Duration lease) {
        refuseIfAway();
        openFeeds.incrementAndGet();
        ChangeFeed real = memory.openChangeFeed(lease);
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                refuseIfAway();
                Changes page = real.poll(applied, limit);
                if (stuck.get() && applied != Long.MAX_VALUE) {
                    return Changes.of(applied, page.head() + 1, page.lease(), List.of(), List.of(), false);
                }
                return leaseIsLost.get()
                        ? Changes.of(
                                page.through(),
                                page.head(),
                                Duration.ZERO,
                                page.keys(),
                                page.tenants(),
                                page.inserted())
                        : page;
            }

            @Override
            public void close() {
                openFeeds.decrementAndGet();
                if (closeThrows.get()) {
                    throw new NoClassDefFoundError("a driver's class");
                }
            }
        };
    }

    private void refuseIfAway() {
        if (away.get()) {
            throw new StoreUnavailableException("away", null);
        }
    }

    @AfterEach
    void close() {
        keys.close();
    }

    @Test
    void keyIsLookedUpOnceAndThenHit() {
        for (int i = 0; i < 5; i++) {
            assertThat(outcome(keys.verify(token, READ_PEOPLE))).isEqualTo("VERIFIED");
        }

        assertThat(lookups).hasValue(1);
        assertThat(stats().hits()).isEqualTo(4);
        assertThat(stats().misses()).isEqualTo(1);
        assertThat(stats().keys()).isEqualTo(1);
    }

    @Test
    void scopeAndExpiryAreCheckedAtEachHit() throws Exception {
        String expiring = keys.managedBy(ADMIN)
                .issue(NewKey.named("Expiring").allowing("read:people").expiringAfter(Duration.ofHours(1)))
                .secret()
                .reveal();
        time.poll();
        keys.verify(expiring);

        assertThat(outcome(keys.verify(expiring, Scope.of("write:people")))).isEqualTo("MISSING_SCOPE");
        fixture.later(Duration.ofHours(1));
        assertThat(outcome(keys.verify(expiring))).isEqualTo("EXPIRED");
        assertThat(lookups).hasValue(1);
    }

    @Test
    void inactiveKeyIsCachedAsInactive() throws Exception {
        keys.managedBy(ADMIN).revoke(issued.key().id(), "");
        time.poll();

        for (int i = 0; i < 5; i++) {
            assertThat(outcome(keys.verify(token))).isEqualTo("REVOKED");
        }

        assertThat(lookups).hasValue(1);
    }

    @Test
    void onlyChangedKeysAreEvicted() throws Exception {
        String other = issue(keys.managedBy(ADMIN), "read:people").secret().reveal();
        time.poll();
        keys.verify(token);
        keys.verify(other);
        memory.revoke(ADMIN.tenant(), issued.key().id(), REVOCATION);
        time.poll();

        assertThat(outcome(keys.verify(token))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(other))).isEqualTo("VERIFIED");
        assertThat(lookups).hasValue(3);
    }

    @Test
    void expiredLeaseDisablesTheCache() {
        keys.verify(token);
        time.later(RevisionPoller.LEASE);
        keys.verify(token);
        keys.verify(token);

        assertThat(lookups).hasValue(3);
        assertThat(stats().readThroughs()).isEqualTo(2);
        assertThat(stats().leaseLeft()).isZero();
    }

    @Test
    void lapseFlushesTheCache() throws Exception {
        keys.verify(token);
        CacheStats before = stats();
        time.later(RevisionPoller.LEASE);
        time.poll();

        assertThat(stats().lapses()).isEqualTo(before.lapses() + 1);
        assertThat(stats().flushes()).isEqualTo(before.flushes() + 1);
        assertThat(stats().keys()).isZero();
    }

    @Test
    void unknownTextIsLookedUpOnceUntilAnInsertion() throws Exception {
        String unknown = issue(fixture.keysIn(new InMemoryKeyStore()).managedBy(ADMIN), "read:people")
                .secret()
                .reveal();

        for (int i = 0; i < 5; i++) {
            assertThat(outcome(keys.verify(unknown))).isEqualTo("UNKNOWN");
        }
        assertThat(lookups).hasValue(1);
        time.poll();
        keys.verify(unknown);
        assertThat(lookups).hasValue(1);

        issue(keys.managedBy(ADMIN), "read:people");
        time.poll();
        keys.verify(unknown);
        assertThat(lookups).hasValue(2);
    }

    @Test
    void malformedTextIsNeitherLookedUpNorCached() {
        String forged = token.substring(0, 34) + (token.endsWith("0") ? "1" : "0");

        assertThat(outcome(keys.verify(forged))).isEqualTo("MALFORMED");
        assertThat(outcome(keys.verify("ck_"))).isEqualTo("MALFORMED");

        assertThat(lookups).hasValue(0);
        assertThat(stats()).extracting(CacheStats::misses, CacheStats::hits).containsExactly(0L, 0L);
    }

    @Test
    void storeFailureIsAnErrorAndNotCached() {
        Mockito.doThrow(new StoreUnavailableException("away", null)).when(store).findByDigest(Mockito.any());

        assertThatThrownBy(() -> keys.verify(token)).isInstanceOf(StoreUnavailableException.class);

        assertThat(stats().keys()).isZero();
    }

    @Test
    void pollFailureAndRecoveryAreEachLoggedOnce() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            away.set(true);
            time.poll();
            time.poll();
            time.poll();
            assertThat(stats().failedPolls()).isEqualTo(3);
            assertThat(openFeeds).hasValue(0);
            away.set(false);
            time.poll();
            time.poll();

            assertThat(log.linesFrom("API key cache"))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("cannot poll the store"),
                            line -> assertThat(line).contains("polls the store again"));
        }
        assertThat(openFeeds).hasValue(1);
    }

    @Test
    void failedPollExtendsNoLeaseAndNextOneFlushes() throws Exception {
        keys.verify(token);
        away.set(true);
        time.later(RevisionPoller.LEASE.minusMillis(1));
        time.poll();
        assertThat(stats().leaseLeft()).isEqualTo(Duration.ofMillis(1));
        away.set(false);
        time.poll();

        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
        assertThat(stats().lapses()).isEqualTo(1);
        assertThat(stats().keys()).isZero();
    }

    @Test
    void lostLeaseOfTheStoreDisablesTheCache() throws Exception {
        keys.verify(token);
        leaseIsLost.set(true);
        time.poll();

        assertThat(stats().leaseLeft()).isZero();
        assertThat(stats().failedPolls()).isEqualTo(1);
        leaseIsLost.set(false);
        time.poll();
        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
    }

    @Test
    void storeWithoutProgressCausesAFlush() throws Exception {
        keys.verify(token);
        stuck.set(true);
        time.poll();

        assertThat(stats().keys()).isZero();
        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
    }

    @Test
    void errorAndInterruptDoNotStopThePoller() throws Exception {
        Mockito.doThrow(new AssertionError("broken"))
                .doAnswer(call -> openFeed(call.getArgument(0)))
                .when(store)
                .openChangeFeed(Mockito.any());
        away.set(true);
        time.poll();
        away.set(false);
        time.poll();
        time.interruptPoller();
        time.later(RevisionPoller.LEASE);
        time.poll();

        assertThat(stats().failedPolls()).isEqualTo(2);
        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
    }

    @Test
    void failingCloseOfTheFeedDoesNotStopThePoller() throws Exception {
        keys.verify(token);
        closeThrows.set(true);
        away.set(true);
        time.poll();
        away.set(false);
        time.later(RevisionPoller.LEASE);
        time.poll();

        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
        assertThat(openFeeds).hasValue(1);
        assertThat(stats().keys()).isZero();
    }

    @Test
    void pollerIsRestartedAfterUnexpectedFailure() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            time.throwOnce(new OutOfMemoryError("for a test"));
            time.poll();
            time.later(RevisionPoller.LEASE);
            time.poll();

            assertThat(log.linesFrom("API key cache poller failed unexpectedly and is restarted"))
                    .hasSize(1);
        }
        assertThat(stats().leaseLeft()).isEqualTo(RevisionPoller.LEASE);
    }

    @Test
    void writesThatChangeNothingEvictNothing() throws Exception {
        memory.revoke(ADMIN.tenant(), issued.key().id(), REVOCATION);
        time.poll();
        keys.verify(token);

        memory.revokeAll(ADMIN.tenant(), REVOCATION);
        memory.purge(Instant.EPOCH.minusSeconds(1), 1);
        time.poll();

        assertThat(outcome(keys.verify(token))).isEqualTo("REVOKED");
        assertThat(lookups).hasValue(1);
    }

    @Test
    void staleLookupWithoutALeaseIsRefusedToo() {
        time.later(RevisionPoller.LEASE);
        lag.set(1);

        assertThatThrownBy(() -> keys.verify(token)).isInstanceOf(StoreUnavailableException.class);
        assertThat(stats().staleLookups()).isEqualTo(1);
    }

    @Test
    void staleLookupsAreRefusedAndLoggedOnce() {
        try (CapturedLog log = new CapturedLog()) {
            lag.set(1);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> keys.verify(token)).isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(stats())
                    .extracting(CacheStats::staleLookups, CacheStats::keys)
                    .containsExactly(3L, 0);
            lag.set(0);
            time.later(Duration.ofSeconds(59));
            keys.verify(token);
            time.later(Duration.ofSeconds(1));
            keys.verify(token);
            keys.verify(token);

            assertThat(log.linesFrom("API key store "))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("answers lookups from an older state"),
                            line -> assertThat(line).contains("no lookup from an older state for a minute"));
        }
    }

    @Test
    void usageIsCountedOnceWhileEntriesAreEvicted() throws Exception {
        List<String> tokens = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(issue(fixture.keysIn(memory).managedBy(ADMIN), "read:people")
                    .secret()
                    .reveal());
        }
        int each = 3000;
        try (ApiKeys small = fixture.builder(memory).cache(3).build()) {
            ExecutorService pool = Executors.newFixedThreadPool(3);
            List<Future<?>> threads = new CopyOnWriteArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int from = thread;
                threads.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        small.verify(tokens.get((from + i) % tokens.size()));
                    }
                }));
            }
            while (!threads.stream().allMatch(Future::isDone)) {
                fixture.runMaintenance();
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
            pool.shutdown();
        }

        assertThat(fixture.keysIn(memory).managedBy(ADMIN).stream(KeyQuery.active())
                        .toList())
                .extracting(key -> key.usage().map(KeyUsage::count).orElse(0L))
                .satisfies(counts -> assertThat(
                                counts.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(3L * each));
    }

    @Test
    void closeStopsThePollerAndDisablesTheCache() throws Exception {
        keys.verify(token);
        keys.close();
        keys.close();

        time.awaitTermination();
        assertThat(stats().leaseLeft()).isZero();
        keys.verify(token);
        assertThat(lookups).hasValue(2);
    }

    @Test
    void writersWithoutACacheWaitForNodesWithOne() {
        List<Duration> waits = new CopyOnWriteArrayList<>();
        try (ApiKeys another = fixture.builder(memory, time)
                .listener(new KeyListener() {
                    @Override
                    public void barrierPassed(Duration wait) {
                        waits.add(wait);
                    }
                })
                .build()) {
            another.managedBy(ADMIN).revoke(issued.key().id(), "");
        }
        assertThat(waits).containsExactly(RevisionPoller.LEASE.plus(RevisionPoller.LEASE.dividedBy(4)));
    }

    @Test
    void nodeWithoutACacheHasNoStats() {
        assertThat(fixture.keysIn(memory).operatedBy(new Job("metrics")).cacheStats())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_000_001})
    void sizeOutOfRangeIsRefused(int keys) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.builder(memory).cache(keys));
    }

    private CacheStats stats() {
        return keys.operatedBy(new Job("metrics")).cacheStats().orElseThrow();
    }
}
