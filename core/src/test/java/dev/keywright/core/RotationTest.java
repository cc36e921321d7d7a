package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RotationTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("write:people", "read:people");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey old = north.issue(REQUEST);
    private final KeyId id = old.key().id();

    @Test
    void bothKeysVerifyDuringTheOverlap() {
        Rotation rotation = north.rotate(id, DAY);
        String successor = rotation.successor().secret().reveal();

        assertThat(outcome(keys.verify(old.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(successor))).isEqualTo("VERIFIED");
        fixture.later(DAY.minusMillis(1));
        assertThat(outcome(keys.verify(old.secret().reveal()))).isEqualTo("VERIFIED");
        fixture.later(Duration.ofMillis(1));
        assertThat(outcome(keys.verify(old.secret().reveal()))).isEqualTo("EXPIRED");
        assertThat(outcome(keys.verify(successor))).isEqualTo("VERIFIED");
    }

    @Test
    void successorCopiesThePredecessorAndTheyAreLinked() {
        fixture.later(DAY);

        Rotation rotation = north.rotate(id, DAY);

        ApiKey successor = rotation.successor().key();
        assertThat(successor.name()).isEqualTo(old.key().name());
        assertThat(successor.scopes()).isEqualTo(old.key().scopes());
        assertThat(successor.createdAt()).isEqualTo(Instant.parse("2025-03-11T00:00:00Z"));
        assertThat(successor.expiresAt()).isEmpty();
        assertThat(successor.predecessor()).contains(id);
        assertThat(rotation.predecessor().successor()).contains(successor.id());
        assertThat(rotation.predecessor().expiresAt()).contains(Instant.parse("2025-03-12T00:00:00Z"));
        assertThat(north.get(id)).isEqualTo(rotation.predecessor());
        assertThat(north.get(successor.id())).isEqualTo(successor);
        assertThat(successor.id()).isNotEqualTo(id);
        assertThat(rotation.successor().secret().reveal())
                .isNotEqualTo(old.secret().reveal())
                .endsWith(successor.hint());
    }

    @Test
    void successorHasTheLifetimeOfItsPredecessor() {
        IssuedKey quarterly = north.issue(REQUEST.expiringAfter(Duration.ofDays(90)));
        fixture.later(Duration.ofDays(80));

        Rotation rotation = north.rotate(quarterly.key().id(), DAY);

        assertThat(rotation.successor().key().expiresAt())
                .contains(Instant.parse("2025-03-10T00:00:00Z").plus(Duration.ofDays(170)));
    }

    @Test
    void rotatingAgainAfterARevokedSuccessorKeepsTheLifetime() {
        KeyId quarterly =
                north.issue(REQUEST.expiringAfter(Duration.ofDays(90))).key().id();
        for (KeyId first : List.of(id, quarterly)) {
            KeyId leaked =
                    north.rotate(first, Duration.ofHours(1)).successor().key().id();
            north.revoke(leaked, "leaked");
        }

        ApiKey unlimited = north.rotate(id, Duration.ofHours(1)).successor().key();
        ApiKey again = north.rotate(quarterly, Duration.ofHours(1)).successor().key();

        assertThat(unlimited.expiresAt()).isEmpty();
        assertThat(unlimited.lifetime()).isEmpty();
        assertThat(again.expiresAt()).contains(again.createdAt().plus(Duration.ofDays(90)));
    }

    @Test
    void lifetimeIsKeptOverSeveralRotations() {
        ApiKey second = north.rotate(id, Duration.ofHours(1)).successor().key();
        fixture.later(Duration.ofHours(1));
        north.rotate(second.id(), Duration.ofHours(1));
        fixture.later(Duration.ofMinutes(30));
        north.revoke(north.get(second.id()).successor().orElseThrow(), "leaked");

        assertThat(north.rotate(second.id(), Duration.ofHours(1))
                        .successor()
                        .key()
                        .expiresAt())
                .isEmpty();
    }

    @Test
    void rotationDoesNotExtendThePredecessor() {
        IssuedKey expiring = north.issue(REQUEST.expiringAfter(Duration.ofHours(3)));

        Rotation rotation = north.rotate(expiring.key().id(), DAY);

        assertThat(rotation.predecessor().expiresAt()).isEqualTo(expiring.key().expiresAt());
    }

    @Test
    void rotationWithoutOverlapRevokesThePredecessor() {
        Rotation rotation = north.rotate(id, Duration.ofNanos(999_999));

        assertThat(rotation.predecessor().revocation().orElseThrow().reason()).isEqualTo("rotated");
        fixture.at(Instant.EPOCH);
        assertThat(outcome(keys.verify(old.secret().reveal()))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(rotation.successor().secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void completingARotationIsIdempotent() {
        Rotation rotation = north.rotate(id, DAY);

        ApiKey completed = north.completeRotation(id);

        assertThat(outcome(keys.verify(old.secret().reveal()))).isEqualTo("REVOKED");
        assertThat(outcome(keys.verify(rotation.successor().secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(north.completeRotation(id)).isEqualTo(completed);
        KeyId successor = rotation.successor().key().id();
        assertConflict(KeyConflictException.Rule.NOT_ROTATED, () -> north.completeRotation(successor));
    }

    @Test
    void rotatingAnInactiveOrRotatedKeyIsAConflict() {
        north.rotate(id, DAY);
        IssuedKey revoked = north.issue(REQUEST);
        north.revoke(revoked.key().id(), "");
        IssuedKey expiring = north.issue(REQUEST.expiringAfter(DAY));

        assertConflict(KeyConflictException.Rule.ROTATED, () -> north.rotate(id, DAY));
        assertConflict(
                KeyConflictException.Rule.REVOKED,
                () -> north.rotate(revoked.key().id(), DAY));
        fixture.later(DAY);
        assertConflict(
                KeyConflictException.Rule.EXPIRED,
                () -> north.rotate(expiring.key().id(), DAY));
        assertThat(memory.list(KeySelection.of(ADMIN.tenant(), KeyQuery.all(), fixture.now(), 10)))
                .hasSize(4);
    }

    @Test
    void successorIsRotatedOnlyAfterItsRotationIsComplete() {
        KeyId successor = north.rotate(id, DAY).successor().key().id();

        assertConflict(KeyConflictException.Rule.ROTATED, () -> north.rotate(successor, DAY));

        fixture.later(DAY);
        Rotation second = north.rotate(successor, DAY);
        assertThat(second.predecessor().id()).isEqualTo(successor);
        north.completeRotation(successor);
        assertThat(north.rotate(second.successor().key().id(), DAY)).isNotNull();
    }

    @Test
    void keyWithRevokedSuccessorCanBeRotatedAgain() {
        KeyId leaked = north.rotate(id, DAY).successor().key().id();
        north.revoke(leaked, "sent to the wrong person");

        Rotation again = north.rotate(id, DAY.multipliedBy(2));

        assertThat(again.predecessor().successor())
                .contains(again.successor().key().id());
        assertThat(again.predecessor().expiresAt())
                .as("not later than its own expiry")
                .contains(Instant.parse("2025-03-11T00:00:00Z"));
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(2);
    }

    @Test
    void overlapIsFromZeroTo366Days() {
        for (Duration overlap :
                List.of(Duration.ofMillis(-1), Duration.ofDays(366).plusMillis(1))) {
            assertThatThrownBy(() -> north.rotate(id, overlap))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("overlap must not be negative");
        }
        assertThat(north.rotate(id, Duration.ofDays(366)).predecessor().expiresAt())
                .isPresent();
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);

        assertThatThrownBy(() -> south.rotate(id, DAY)).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(() -> south.completeRotation(id)).isInstanceOf(KeyNotFoundException.class);
        assertThat(north.get(id)).isEqualTo(old.key());
    }

    @Test
    void concurrentChangeIsCopiedToTheSuccessor() {
        doAnswer(call -> {
                    ApiKey key = north.get(id);
                    if (key.version() == 1) {
                        north.change(id, KeyChange.ifVersion(1).rescope("read:people"));
                    }
                    return memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .replace(any(), any(), any());

        Rotation rotation = north.rotate(id, DAY);

        assertThat(rotation.successor().key().scopes()).hasToString("read:people");
        assertThat(rotation.predecessor().version()).isEqualTo(3);
    }

    @Test
    void concurrentRevocationWins() {
        doAnswer(call -> {
                    north.revoke(id, "lost");
                    return memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .replace(any(), any(), any());

        assertConflict(KeyConflictException.Rule.REVOKED, () -> north.rotate(id, DAY));

        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void rotationStopsRetryingUnderContinuousChanges() {
        doAnswer(call -> {
                    north.change(
                            id, KeyChange.ifVersion(north.get(id).version()).rename("again"));
                    return memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .replace(any(), any(), any());

        assertConflict(KeyConflictException.Rule.VERSION, () -> north.rotate(id, DAY));

        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(1);
    }

    @Test
    void rotationMovesTheKeyToTheIssuingPepper() {
        ApiKeys later = fixture.builder(store, OTHER_PEPPER, PEPPER).build();

        Rotation rotation = later.managedBy(ADMIN).rotate(id, Duration.ZERO);

        ApiKeys without = fixture.builder(store, OTHER_PEPPER).build();
        assertThat(outcome(without.verify(rotation.successor().secret().reveal())))
                .isEqualTo("VERIFIED");
    }

    @Test
    void rotationWithUnknownOutcomeIsResolved() {
        doAnswer(call -> {
                    memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(1).key().id(), null);
                })
                .when(store)
                .replace(any(), any(), any());

        Rotation rotation = north.rotate(id, DAY);

        assertThat(rotation.predecessor()).isEqualTo(north.get(id));
        assertThat(rotation.predecessor().expiresAt()).isPresent();
        assertThat(outcome(keys.verify(rotation.successor().secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void lostRotationChangesNothing() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(1).key().id(), null);
                })
                .when(store)
                .replace(any(), any(), any());

        assertThatThrownBy(() -> north.rotate(id, DAY)).isInstanceOf(StoreUnavailableException.class);

        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(old.key());
    }

    @Test
    void unresolvableRotationReportsTheSuccessor() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(1).key().id(), null);
                })
                .when(store)
                .replace(any(), any(), any());
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .revoke(any(), any(), any());

        assertThatThrownBy(() -> north.rotate(id, DAY))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(e.id()).isPresent().isNotEqualTo(id));
    }

    private static void assertConflict(KeyConflictException.Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyConflictException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }
}
