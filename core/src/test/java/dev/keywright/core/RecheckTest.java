package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.issue;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.internal.ValueAccess;
import dev.keywright.management.CacheStats;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** Rechecks the key of a long request, without the text of the key. */
@Timeout(60)
@ParameterizedClass(name = "cached: {0}")
@ValueSource(booleans = {false, true})
class RecheckTest {

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = Mockito.mock(KeyStore.class, AdditionalAnswers.delegatesTo(memory));
    private final Metronome time = new Metronome();
    private final List<String> rejections = new CopyOnWriteArrayList<>();
    private final boolean cached;
    private final TenantKeys north = fixture.keysIn(memory).managedBy(ADMIN);
    private final IssuedKey issued =
            north.issue(NewKey.named("Stream").allowing("read:people").expiringAfter(Duration.ofHours(1)));
    private final ApiKeys keys;
    private final Verified earlier;

    RecheckTest(boolean cached) throws Exception {
        this.cached = cached;
        KeywrightBuilder builder = fixture.builder(store).monotonicTime(time).listener(new KeyListener() {
            @Override
            public void verificationRejected(Rejected rejected, long heldBack) {
                rejections.add(rejected.reason() + " and " + heldBack + " more");
            }
        });
        keys = (cached ? builder.cache(2) : builder).build();
        ifCached(time::awaitPoll);
        earlier = verified(issued);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void ifCached(Step step) throws InterruptedException {
        if (cached) {
            step.run();
        }
    }

    private Verified verified(IssuedKey key) {
        return (Verified) keys.verify(key.secret().reveal());
    }

    @AfterEach
    void close() {
        keys.close();
    }

    @Test
    void activeKeyIsVerified() {
        assertThat(outcome(keys.recheck(earlier))).isEqualTo("VERIFIED");
    }

    @Test
    void revokedKeyIsRejected() throws Exception {
        north.revoke(issued.key().id(), "");
        ifCached(time::poll);

        assertThat(outcome(keys.recheck(earlier))).isEqualTo("REVOKED");
    }

    @Test
    void keyRevokedWithItsTenantIsRejected() throws Exception {
        north.revokeAll("");
        ifCached(time::poll);

        assertThat(outcome(keys.recheck(earlier))).isEqualTo("REVOKED");
    }

    @Test
    void expiredKeyIsRejected() {
        fixture.later(Duration.ofHours(1));

        assertThat(outcome(keys.recheck(earlier))).isEqualTo("EXPIRED");
    }

    @Test
    void changedScopesApply() throws Exception {
        north.change(issued.key().id(), KeyChange.ifVersion(1).rescope("write:people"));
        ifCached(time::poll);

        Verified now = (Verified) keys.recheck(earlier);

        assertThat(now.allows(Scope.of("write:people"))).isTrue();
        assertThat(now.allows(Scope.of("read:people"))).isFalse();
    }

    @Test
    void usageIsNotRecorded() {
        keys.recheck(earlier);
        keys.recheck(earlier);

        fixture.runMaintenance();

        assertThat(north.get(issued.key().id()).usage().orElseThrow().count()).isEqualTo(1);
    }

    @Test
    void keyOfAnotherTenantOrOfNoneIsUnknown() {
        Verified forged = ValueAccess.get()
                .verified(SampleKeys.key("south", issued.key().id().value()));
        Verified unknown = ValueAccess.get().verified(SampleKeys.key("north", "nothing"));

        assertThat(outcome(keys.recheck(forged))).isEqualTo("UNKNOWN");
        assertThat(outcome(keys.recheck(unknown))).isEqualTo("UNKNOWN");
    }

    @Test
    void unavailableStoreIsAnException() {
        time.later(Duration.ofMillis(250));
        Mockito.doThrow(new StoreUnavailableException("away", null)).when(store).find(Mockito.any(), Mockito.any());

        assertThatThrownBy(() -> keys.recheck(earlier)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void repeatedRejectionsAreHeldBack() throws Exception {
        north.revoke(issued.key().id(), "");
        ifCached(time::poll);

        for (int i = 0; i < 100; i++) {
            keys.recheck(earlier);
        }
        keys.close();

        assertThat(rejections).containsExactly("REVOKED and 0 more", "REVOKED and 98 more");
    }

    @Test
    void recheckLooksUpOnlyKeysThatAreNotCached() {
        Mockito.clearInvocations(store);
        keys.recheck(earlier);
        keys.recheck(earlier);
        Mockito.verify(store, Mockito.times(cached ? 0 : 2)).find(Mockito.any(), Mockito.any());

        // The cache holds two keys.
        for (int i = 0; i < 50; i++) {
            verified(issue(north, "read:people"));
        }
        Mockito.clearInvocations(store);
        assertThat(outcome(keys.recheck(earlier))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.recheck(earlier))).isEqualTo("VERIFIED");
        Mockito.verify(store, Mockito.times(cached ? 1 : 2)).find(Mockito.any(), Mockito.any());
        Mockito.verify(store, Mockito.never()).findByDigest(Mockito.any());
        keys.operatedBy(new Job("metrics"))
                .cacheStats()
                .ifPresent(
                        stats -> assertThat(stats).extracting(CacheStats::keys).isEqualTo(2));
    }
}
