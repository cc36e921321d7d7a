package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyOwner;
import dev.keywright.NotPermittedException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Owners of keys, for the day on which a person leaves. */
class OwnersTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final KeyOwner BOB = KeyOwner.person(UserId.of("bob"));
    private static final KeyOwner CAROL = KeyOwner.person(UserId.of("carol"));
    private static final KeyOwner STRANGER = KeyOwner.person(UserId.of("mallory of south"));

    private final Fixture fixture = new Fixture();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.builder(store)
            .listener(new KeyListener() {
                @Override
                public void revokedOwnedBy(TenantId tenant, KeyOwner owner, long keys, Revocation revocation) {
                    events.add(tenant + " " + owner + " " + keys + " " + revocation.reason());
                }

                @Override
                public void changed(ApiKey before, ApiKey after, Actor by) {
                    events.add(before.owner() + " to " + after.owner());
                }
            })
            .build();
    private final TenantKeys north = keys.managedBy(ADMIN);

    @Test
    void ownerIsSetTransferredAndRemoved() {
        ApiKey issued = north.issue(REQUEST.ownedBy(BOB)).key();
        assertThat(issued.owner()).contains(BOB);
        assertThat(north.get(issued.id())).isEqualTo(issued);

        ApiKey renamed = north.change(issued.id(), KeyChange.ifVersion(1).rename("Payroll"));
        assertThat(renamed.owner()).contains(BOB);
        ApiKey transferred = north.change(issued.id(), KeyChange.ifVersion(2).transferTo(CAROL));
        assertThat(transferred.owner()).contains(CAROL);
        ApiKey removed = north.change(issued.id(), KeyChange.ifVersion(3).withoutOwner());
        assertThat(removed.owner()).isEmpty();
        assertThat(north.issue(REQUEST).key().owner()).isEmpty();

        keys.close();
        assertThat(events)
                .containsExactly(
                        "Optional[person:bob] to Optional[person:bob]",
                        "Optional[person:bob] to Optional[person:carol]",
                        "Optional[person:carol] to Optional.empty");
    }

    @Test
    void ownersAreLogged() {
        try (CapturedLog log = new CapturedLog()) {
            ApiKey key = north.issue(REQUEST.ownedBy(BOB)).key();
            north.change(key.id(), KeyChange.ifVersion(1).transferTo(CAROL).describe("Payroll"));
            north.revokeOwnedBy(CAROL, "left");

            assertThat(log.linesFrom("event="))
                    .satisfiesExactly(
                            line -> assertThat(line).endsWith(" owner=\"person:bob\""),
                            line -> assertThat(line)
                                    .endsWith(" owner_before=\"person:bob\" owner=\"person:carol\""
                                            + " description=changed by=\"person:ada of north\""),
                            line -> assertThat(line)
                                    .contains("event=keys.revoked_owned_by tenant=\"north\""
                                            + " owner=\"person:carol\" keys=1 reason=\"left\""));
        }
    }

    @Test
    void ownerHasNoAuthority() {
        north.issue(REQUEST.ownedBy(BOB));

        assertThatThrownBy(() -> keys.managedBy(ManagementSession.of(ADMIN.tenant(), UserId.of("bob"))))
                .isInstanceOf(NotPermittedException.class);
    }

    @Test
    void ownerPolicyIsAskedAtIssueAndTransfer() {
        ApiKeys limited = fixture.builder(store)
                .ownerPolicy((session, owner) -> session.tenant().equals(ADMIN.tenant()) && !owner.equals(STRANGER))
                .build();
        TenantKeys manager = limited.managedBy(ADMIN);
        ApiKey bobs = manager.issue(REQUEST.ownedBy(BOB)).key();

        assertRefused(() -> manager.issue(REQUEST.ownedBy(STRANGER)));
        assertRefused(() -> manager.change(bobs.id(), KeyChange.ifVersion(1).transferTo(STRANGER)));
        assertThat(north.list(KeyQuery.all()).items()).containsExactly(bobs);
        assertThat(manager.issue(REQUEST).key().owner()).isEmpty();
    }

    @Test
    void ownerPolicyIsNotAskedForARemovalOrAnOwnerThatStays() {
        ApiKey key = north.issue(REQUEST.ownedBy(STRANGER)).key();
        TenantKeys manager = fixture.builder(store)
                .ownerPolicy((session, owner) -> false)
                .build()
                .managedBy(ADMIN);

        assertThat(manager.change(
                                key.id(),
                                KeyChange.ifVersion(1).transferTo(STRANGER).rename("Payroll"))
                        .owner())
                .contains(STRANGER);
        assertThat(manager.change(key.id(), KeyChange.ifVersion(2).withoutOwner())
                        .owner())
                .isEmpty();
    }

    @Test
    void jobGivesKeysToAnyOwner() {
        ApiKeys limited =
                fixture.builder(store).ownerPolicy((session, owner) -> false).build();

        assertThat(limited.operatedBy(new Job("nightly"))
                        .keysOf(ADMIN.tenant())
                        .issue(REQUEST.ownedBy(STRANGER))
                        .key()
                        .owner())
                .contains(STRANGER);
    }

    @Test
    void revokingByOwnerLeavesAllOtherKeys() {
        IssuedKey bobs = north.issue(REQUEST.ownedBy(BOB));
        IssuedKey transferred = north.issue(REQUEST.ownedBy(CAROL));
        north.change(transferred.key().id(), KeyChange.ifVersion(1).transferTo(BOB));
        IssuedKey rotated = north.issue(REQUEST.ownedBy(BOB));
        IssuedKey successor =
                north.rotate(rotated.key().id(), Duration.ofDays(1)).successor();
        IssuedKey suspended = north.issue(REQUEST.ownedBy(BOB));
        north.suspend(suspended.key().id(), "");
        IssuedKey created = keys.managedBy(
                        ManagementSession.of(ADMIN.tenant(), UserId.of("bob")).withRoles("Admin"))
                .issue(REQUEST);
        IssuedKey carols = north.issue(REQUEST.ownedBy(CAROL));
        IssuedKey services = north.issue(REQUEST.ownedBy(KeyOwner.service("bob")));
        IssuedKey southern = keys.managedBy(SOUTHERN_ADMIN).issue(REQUEST.ownedBy(BOB));

        assertThat(north.revokeOwnedBy(BOB, "left")).isEqualTo(5);

        for (IssuedKey revoked : List.of(bobs, transferred, rotated, successor, suspended)) {
            assertThat(outcome(keys.verify(revoked.secret().reveal()))).isEqualTo("REVOKED");
        }
        for (IssuedKey other : List.of(created, carols, services, southern)) {
            assertThat(outcome(keys.verify(other.secret().reveal()))).isEqualTo("VERIFIED");
        }
        assertThat(north.revokeOwnedBy(BOB, "left")).isZero();
        keys.close();
        assertThat(events).last().isEqualTo("north person:bob 5 left");
        assertThat(events).filteredOn(event -> event.startsWith("north")).hasSize(1);
    }

    @Test
    void revokingByOwnerContinuesBeyondOneWrite() {
        for (int i = 0; i < 2 * KeyStore.MAX_KEYS_PER_WRITE + 1; i++) {
            north.issue(REQUEST.ownedBy(BOB));
        }

        assertThat(north.revokeOwnedBy(BOB, "left")).isEqualTo(2 * KeyStore.MAX_KEYS_PER_WRITE + 1);
        assertThat(north.list(KeyQuery.active()).items()).isEmpty();
    }

    @Test
    void keyTransferredDuringTheRevocationIsRevoked() {
        for (int i = 0; i < KeyStore.MAX_KEYS_PER_WRITE; i++) {
            north.issue(REQUEST.ownedBy(BOB));
        }
        IssuedKey late = north.issue(REQUEST);
        doAnswer(call -> {
                    BulkWriteResult result = memory.revokeOwnedBy(
                            call.getArgument(0), call.getArgument(1), call.getArgument(2), call.getArgument(3));
                    if (north.get(late.key().id()).owner().isEmpty()) {
                        north.change(late.key().id(), KeyChange.ifVersion(1).transferTo(BOB));
                    }
                    return result;
                })
                .when(store)
                .revokeOwnedBy(any(), any(), any(), anyInt());

        assertThat(north.revokeOwnedBy(BOB, "left")).isEqualTo(KeyStore.MAX_KEYS_PER_WRITE + 1);
        assertThat(outcome(keys.verify(late.secret().reveal()))).isEqualTo("REVOKED");
    }

    @Test
    void failureAfterTheFirstWriteAnnouncesWhatWasRevoked() {
        for (int i = 0; i < KeyStore.MAX_KEYS_PER_WRITE + 1; i++) {
            north.issue(REQUEST.ownedBy(BOB));
        }
        doAnswer(call -> memory.revokeOwnedBy(
                        call.getArgument(0), call.getArgument(1), call.getArgument(2), call.getArgument(3)))
                .doThrow(new StoreUnavailableException("away", null))
                .when(store)
                .revokeOwnedBy(any(), any(), any(), anyInt());

        assertThatThrownBy(() -> north.revokeOwnedBy(BOB, "left")).isInstanceOf(StoreUnavailableException.class);

        keys.close();
        assertThat(events).containsExactly("north person:bob 500 left");
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NotPermittedException.class)
                .hasMessage("you may not give API keys to the owner " + STRANGER + "; ask an administrator");
    }
}
