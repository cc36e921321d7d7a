package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Suspension;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SuspensionTest {

    private static final Scope WRITE_PEOPLE = Scope.of("write:people");
    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ApiKeys keys = fixture.builder(store)
            .maxActiveKeys(2)
            .listener(new KeyListener() {
                @Override
                public void suspended(ApiKey key) {
                    events.add("suspended " + key.id() + " "
                            + key.suspension().orElseThrow().reason());
                }

                @Override
                public void resumed(ApiKey key, Actor by) {
                    events.add("resumed " + key.id() + " by " + by);
                }
            })
            .build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued = north.issue(REQUEST.expiringAfter(Duration.ofDays(1)));
    private final KeyId id = issued.key().id();
    private final String token = issued.secret().reveal();

    @Test
    void suspendedKeyIsRejectedUntilItIsResumed() {
        Verified earlier = (Verified) keys.verify(token);

        ApiKey suspended = north.suspend(id, "traffic at night");

        assertThat(suspended.suspension())
                .contains(new Suspension(fixture.now(), Actor.person(ADMIN.user()), "traffic at night"));
        assertThat(suspended.version()).isEqualTo(2);
        assertThat(north.get(id)).isEqualTo(suspended);
        Rejected rejected = (Rejected) keys.verify(token);
        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.SUSPENDED);
        assertThat(rejected.key()).contains(suspended);
        assertThat(outcome(keys.check(token))).isEqualTo("SUSPENDED");
        assertThat(outcome(keys.recheck(earlier))).isEqualTo("SUSPENDED");
        assertThat(outcome(keys.verify(token, WRITE_PEOPLE)))
                .as("before the scope")
                .isEqualTo("SUSPENDED");

        ApiKey resumed = north.resume(id);

        assertThat(resumed.suspension()).isEmpty();
        assertThat(resumed.version()).isEqualTo(3);
        assertThat(outcome(keys.verify(token))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.recheck(earlier))).isEqualTo("VERIFIED");
    }

    @Test
    void expiryAndRevocationAreReportedBeforeTheSuspension() {
        north.suspend(id, "");
        fixture.later(Duration.ofDays(1));
        assertThat(outcome(keys.verify(token))).isEqualTo("EXPIRED");

        north.revoke(id, "lost");
        assertThat(outcome(keys.verify(token))).isEqualTo("REVOKED");
    }

    @Test
    void firstSuspensionStaysAndIsAnnouncedOnce() {
        ApiKey first = north.suspend(id, "first");

        assertThat(north.suspend(id, "second")).isEqualTo(first);
        ApiKey resumed = north.resume(id);
        assertThat(north.resume(id)).isEqualTo(resumed);

        keys.close();
        assertThat(events).containsExactly("suspended " + id + " first", "resumed " + id + " by person:ada of north");
    }

    @Test
    void suspensionAndItsEndAreEachOneLogLine() {
        try (CapturedLog log = new CapturedLog()) {
            north.suspend(id, "at night");
            north.resume(id);

            assertThat(log.linesFrom("event="))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains("event=key.suspended tenant=\"north\" key=" + id)
                                    .endsWith(" reason=\"at night\" by=\"person:ada of north\""
                                            + " suspended_at=2025-03-10T00:00:00Z"),
                            line -> assertThat(line)
                                    .contains("event=key.resumed tenant=\"north\" key=" + id)
                                    .endsWith(" by=\"person:ada of north\""));
        }
    }

    @Test
    void reasonIsSanitizedAndNeverRefused() {
        ApiKey suspended = north.suspend(id, "leaked:\n" + token + " " + "x".repeat(300));

        assertThat(suspended.suspension().orElseThrow().reason())
                .startsWith("leaked: …" + issued.key().hint())
                .doesNotContain(token)
                .hasSize(200);
    }

    @Test
    void suspendedKeyStaysActiveOtherwise() {
        north.suspend(id, "");
        ApiKey other = north.issue(REQUEST).key();

        assertConflict(KeyConflictException.Rule.TOO_MANY_KEYS, () -> north.issue(REQUEST));
        assertThat(north.list(KeyQuery.active()).items()).containsExactly(north.get(id), other);
        ApiKey renamed = north.change(id, KeyChange.ifVersion(2).rename("Payroll"));
        assertThat(renamed.suspension()).isPresent();
        assertThat(outcome(keys.verify(token))).isEqualTo("SUSPENDED");
    }

    @Test
    void suspendedKeyCannotBeRotated() {
        north.suspend(id, "");

        assertConflict(KeyConflictException.Rule.SUSPENDED, () -> north.rotate(id, Duration.ofHours(1)));
        assertThat(north.get(id).successor()).isEmpty();

        north.resume(id);
        assertThat(north.rotate(id, Duration.ofHours(1)).successor()).isNotNull();
    }

    @Test
    void suspensionDuringARotationPreventsIt() {
        doAnswer(call -> {
                    north.suspend(id, "meanwhile");
                    return memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .replace(any(), any(), any());

        assertConflict(KeyConflictException.Rule.SUSPENDED, () -> north.rotate(id, Duration.ofHours(1)));
        assertThat(north.list(KeyQuery.all()).items()).hasSize(1);
    }

    @Test
    void suspendedSuccessorIsStillASuccessor() {
        KeyId successor =
                north.rotate(id, Duration.ofHours(1)).successor().key().id();
        north.suspend(successor, "");

        assertConflict(KeyConflictException.Rule.ROTATED, () -> north.rotate(id, Duration.ofHours(1)));
        assertThat(outcome(keys.verify(token))).isEqualTo("VERIFIED");
    }

    @Test
    void inactiveKeyIsAConflict() {
        KeyId revoked = north.issue(REQUEST).key().id();
        north.suspend(revoked, "");
        north.revoke(revoked, "lost");
        north.suspend(id, "");
        fixture.later(Duration.ofDays(1));

        for (KeyId each : List.of(id, revoked)) {
            KeyConflictException.Rule rule =
                    each.equals(id) ? KeyConflictException.Rule.EXPIRED : KeyConflictException.Rule.REVOKED;
            assertConflict(rule, () -> north.suspend(each, ""));
            assertConflict(rule, () -> north.resume(each));
            assertThat(north.get(each).suspension()).isPresent();
        }
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);

        assertThatThrownBy(() -> south.suspend(id, "")).isInstanceOf(KeyNotFoundException.class);
        assertThat(outcome(keys.verify(token))).isEqualTo("VERIFIED");
        north.suspend(id, "");
        assertThatThrownBy(() -> south.resume(id)).isInstanceOf(KeyNotFoundException.class);
        assertThat(outcome(keys.verify(token))).isEqualTo("SUSPENDED");
    }

    @Test
    void holderRevokesASuspendedKey() {
        north.suspend(id, "");

        assertThat(keys.revokeByPossession(issued.secret(), "found")).isTrue();

        assertThat(outcome(keys.verify(token))).isEqualTo("REVOKED");
    }

    @Test
    void unknownOutcomeIsRepeatedAndAnnouncedOnce() {
        doAnswer(call -> {
                    memory.suspend(call.getArgument(0), call.getArgument(1), call.getArgument(2), call.getArgument(3));
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.suspend(
                        call.getArgument(0), call.getArgument(1), call.getArgument(2), call.getArgument(3)))
                .when(store)
                .suspend(any(), any(), any(), any());
        doAnswer(call -> {
                    memory.resume(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.resume(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .resume(any(), any(), any());

        assertThat(north.suspend(id, "lost").suspension()).isPresent();
        assertThat(north.resume(id).suspension()).isEmpty();

        keys.close();
        assertThat(events).containsExactly("suspended " + id + " lost", "resumed " + id + " by person:ada of north");
    }

    @Test
    void repeatedAttemptThatChangedNothingIsNotAnnounced() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.resume(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .resume(any(), any(), any());

        assertThat(north.resume(id)).isEqualTo(issued.key());

        keys.close();
        assertThat(events).isEmpty();
    }

    private static void assertConflict(KeyConflictException.Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyConflictException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }
}
