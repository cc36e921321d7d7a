package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OFFERED;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.issue;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Scopes;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManagementTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);

    @Test
    void anIssuedKeyIsWhatWasAskedForAndDatedInWholeMilliseconds() {
        IssuedKey issued = north.issue(NewKey.named("Reporting Script").allowing("write:people", "read:people"));

        ApiKey key = issued.key();
        assertThat(key.tenant()).isEqualTo(TenantId.of("north"));
        assertThat(key.name().value()).isEqualTo("Reporting Script");
        assertThat(key.scopes()).isEqualTo(Scopes.of("write:people", "read:people"));
        assertThat(key.createdAt()).isEqualTo(Instant.parse("2025-03-10T00:00:00.000Z"));
        assertThat(key.createdBy()).isEqualTo(Actor.person(UserId.of("ada of north")));
        assertThat(key.expiresAt()).isEmpty();
        assertThat(key.revocation()).isEmpty();
        assertThat(north.get(key.id())).isEqualTo(key);
    }

    @Test
    void theTextOfAKeyHasItsShapeAndTheHintIsItsEnd() {
        IssuedKey issued = north.issue(REQUEST);

        String text = issued.secret().reveal();
        assertThat(text).matches("ck_[0-9a-z]{32}").endsWith(issued.key().hint());
        assertThat(issued.key().hint()).hasSize(4);
    }

    @Test
    void noTwoKeysAreAlike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            IssuedKey issued = north.issue(REQUEST);
            assertThat(seen.add(issued.secret().reveal())).isTrue();
            assertThat(seen.add(issued.key().id().value())).isTrue();
        }
    }

    @Test
    void aScopeThatIsNotOfferedIsRefusedAndTheSentenceSaysWhichAre() {
        assertThatThrownBy(() -> issue(north, "read:people", "delete:people"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("scopes must be chosen from read:people, write:people, read:interviews")
                .extracting("field")
                .isEqualTo("scopes");
        assertThat(north.list()).isEmpty();
    }

    @Test
    void aKeyThatSomebodyPutsIntoAnotherFieldIsNotStoredThere() {
        IssuedKey issued = north.issue(REQUEST);
        String pasted = "my key: " + issued.secret().reveal() + "!";

        assertThatThrownBy(() -> north.issue(NewKey.named(pasted).allowing("read:people")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("name must not contain the text of an API key");
        assertThat(north.list()).containsExactly(issued.key());
    }

    @Test
    void aKeyCanBeAskedToEndAfterATimeOrAtAnInstant() {
        Instant issuedAt = Instant.parse("2025-03-10T00:00:00Z");
        Instant end = issuedAt.plus(Duration.ofDays(90));

        assertThat(north.issue(REQUEST.expiringAfter(Duration.ofDays(90))).key().expiresAt())
                .contains(end);
        assertThat(north.issue(REQUEST.expiringAt(end.plusNanos(999_999))).key().expiresAt())
                .contains(end);
        for (Instant past : List.of(issuedAt, issuedAt.minusMillis(1), Instant.MIN)) {
            assertThatThrownBy(() -> north.issue(REQUEST.expiringAt(past)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("expiresAt must lie in the future");
        }
        for (NewKey tooLate : List.of(
                REQUEST.expiringAt(Instant.MAX),
                REQUEST.expiringAfter(Duration.ofSeconds(Long.MAX_VALUE)),
                REQUEST.expiringAt(Instant.parse("+10000-01-01T00:00:00Z")))) {
            assertThatThrownBy(() -> north.issue(tooLate))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("expiresAt must not lie after the year 9999");
        }
    }

    @Test
    void theListHasTheTenantsActiveKeysOldestFirst() {
        IssuedKey second = north.issue(REQUEST);
        IssuedKey third = north.issue(REQUEST);
        fixture.later(Duration.ofMinutes(-1));
        IssuedKey first = north.issue(REQUEST);
        IssuedKey ended = north.issue(REQUEST.expiringAfter(Duration.ofMillis(1)));
        IssuedKey revoked = north.issue(REQUEST);
        north.revoke(revoked.key().id(), "");
        south.issue(REQUEST);
        fixture.later(Duration.ofMinutes(1));

        assertThat(north.list()).containsExactly(first.key(), second.key(), third.key());
        assertThat(north.get(ended.key().id())).isEqualTo(ended.key());
    }

    @Test
    void theListIsWholeHoweverLongItIs() {
        List<ApiKey> issued = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            issued.add(north.issue(REQUEST).key());
        }

        assertThat(north.list()).isEqualTo(issued);
    }

    @Test
    void aRevokedKeySaysWhenByWhomAndWhyAndStaysThatWay() {
        KeyId id = north.issue(REQUEST).key().id();

        ApiKey revoked = north.revoke(id, "left the district");

        assertThat(revoked.revocation()).hasValueSatisfying(revocation -> {
            assertThat(revocation.at()).isEqualTo(Instant.parse("2025-03-10T00:00:00Z"));
            assertThat(revocation.by()).isEqualTo(Actor.person(UserId.of("ada of north")));
            assertThat(revocation.reason()).isEqualTo("left the district");
        });
        assertThat(revoked.stateAt(fixture.now())).isEqualTo(ApiKey.State.REVOKED);
        fixture.later(Duration.ofDays(1));
        assertThat(north.revoke(id, "again")).isEqualTo(revoked);
        assertThat(north.get(id)).isEqualTo(revoked);
    }

    @Test
    void anotherTenantsKeyIsRefusedAsOneThatNeverWas() {
        IssuedKey issued = north.issue(REQUEST);
        KeyId never = KeyId.of("never");

        for (KeyId id : List.of(issued.key().id(), never)) {
            assertThatThrownBy(() -> south.get(id))
                    .isInstanceOf(KeyNotFoundException.class)
                    .hasMessage("there is no such API key");
            assertThatThrownBy(() -> south.revoke(id, ""))
                    .isInstanceOf(KeyNotFoundException.class)
                    .hasMessage("there is no such API key");
        }
        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void managementTakesTheRoleAdminOrThePermissionSettings() {
        ManagementSession nobody = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));

        assertThatCode(() -> keys.managedBy(nobody.withRoles("Admin"))).doesNotThrowAnyException();
        assertThatCode(() -> keys.managedBy(nobody.withRoles("Office").withPermissions("Settings")))
                .doesNotThrowAnyException();
        for (ManagementSession other : List.of(
                nobody,
                nobody.withRoles("Mentor"),
                nobody.withRoles("admin"),
                nobody.withRoles("Settings"),
                nobody.withPermissions("Admin"),
                nobody.withPermissions("settings"))) {
            assertThatThrownBy(() -> keys.managedBy(other))
                    .as(other.toString())
                    .isInstanceOf(NotPermittedException.class);
        }
    }

    @Test
    void theRuleOfWhoMayManageCanBeReplaced() {
        ApiKeys ruled = fixture.builder(store)
                .managementPolicy(session -> session.roles().contains("Principal"))
                .build();

        assertThatCode(() -> ruled.managedBy(ADMIN.withRoles("Principal"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> ruled.managedBy(ADMIN)).isInstanceOf(NotPermittedException.class);
    }

    @Test
    void nothingLeadsFromAKeyToItsManagement() {
        // By type: whatever a caller with a key gets hold of has no method that gives a session or the keys of a
        // tenant.
        for (Class<?> type : List.of(Verified.class, ApiKey.class, KeyVerifier.class)) {
            assertThat(Arrays.stream(type.getMethods()).map(Method::getReturnType))
                    .doesNotContain(ManagementSession.class, TenantKeys.class, KeyOperations.class, Job.class);
        }
        // A job is nobody who came with a request; it is for the host's own code.
        assertThat(Arrays.stream(ApiKeys.class.getMethods()).filter(m -> m.getReturnType() == KeyOperations.class))
                .singleElement()
                .satisfies(method -> assertThat(method.getParameterTypes()).containsExactly(Job.class));
        assertThat(Arrays.stream(ApiKeys.class.getMethods()).filter(m -> m.getReturnType() == TenantKeys.class))
                .singleElement()
                .satisfies(method -> assertThat(method.getParameterTypes()).containsExactly(ManagementSession.class));
    }

    @Test
    void aSourceOfRandomnessThatRepeatsItselfIsFoundOut() {
        SecureRandom stuck = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) 7);
            }
        };
        TenantKeys broken = fixture.builder(store).random(stuck).build().managedBy(ADMIN);
        IssuedKey first = broken.issue(REQUEST);

        assertThatThrownBy(() -> broken.issue(REQUEST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("randomness is broken")
                .hasCauseInstanceOf(DuplicateKeyException.class);
        assertThat(north.list()).containsExactly(first.key());
    }

    @Test
    void aKeyWhoseInsertWasNotAnsweredIsSettledByItsId() {
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    memory.insert(key, KeyStore.UNLIMITED, fixture.now());
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), anyInt(), any());

        IssuedKey issued = north.issue(REQUEST);

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void aKeyWhoseInsertIsStillUnderWayIsWaitedForByAWriteThatComesAfterIt() {
        List<StoredKey> underWay = new ArrayList<>();
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    underWay.add(key);
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), anyInt(), any());
        doAnswer(call -> {
                    // Writers come one after the other: the insert is done before the next write begins.
                    memory.insert(underWay.get(0), KeyStore.UNLIMITED, fixture.now());
                    return memory.revoke(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .revoke(any(), any(), any());

        IssuedKey issued = north.issue(REQUEST);

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(north.list()).containsExactly(issued.key());
    }

    @Test
    void aKeyWhoseInsertNeverWasIsNotIssued() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(0).key().id(), null);
                })
                .when(store)
                .insert(any(), anyInt(), any());

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("no API key was issued");

        assertThat(north.list()).isEmpty();
    }

    @Test
    void aKeyThatCannotBeSettledStaysUnknownUnderItsId() {
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), anyInt(), any());
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .revoke(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(e.id().orElseThrow().value()).startsWith("key_"));

        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .find(any(), any());
        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void aStoreThatCannotWriteIssuesNothing() {
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .insert(any(), anyInt(), any());

        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(StoreUnavailableException.class);
        assertThat(north.list()).isEmpty();
    }

    @Test
    void buildingRefusesToStartWhereActiveKeysHangOnAPepperThatWasNotGiven() {
        IssuedKey issued = north.issue(REQUEST);

        assertThatThrownBy(() -> fixture.builder(store, OTHER_PEPPER).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("active API keys need the pepper")
                .hasMessageContaining(PEPPER.keys().id().value());
        assertThatCode(() -> fixture.builder(store, OTHER_PEPPER, PEPPER).build())
                .doesNotThrowAnyException();
        north.revoke(issued.key().id(), "");
        assertThatCode(() -> fixture.builder(store, OTHER_PEPPER).build()).doesNotThrowAnyException();
    }

    @Test
    void keysOfAPepperThatIsLostCanBeGivenUpAndRevoked() {
        IssuedKey issued = north.issue(REQUEST);

        ApiKeys without = fixture.builder(store, OTHER_PEPPER)
                .retiredPepper(PEPPER.keys().id())
                .retiredPepper(PEPPER.keys().id())
                .retiredPepper(new PepperId("another"))
                .build();

        assertThat(outcome(without.verify(issued.secret().reveal()))).isEqualTo("MALFORMED");
        assertThat(without.managedBy(ADMIN).list()).containsExactly(issued.key());
        without.managedBy(ADMIN).revoke(issued.key().id(), "its pepper is lost");
        assertThat(north.list()).isEmpty();
    }

    @Test
    void shortPepperIsRefused() {
        assertThatThrownBy(() -> Pepper.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32");
    }

    @Test
    void whatIsOfferedCanBeAskedFor() {
        ScopeCatalog offered = keys.scopeCatalog();

        assertThat(offered.scopes()).isEqualTo(OFFERED.scopes());
    }
}
