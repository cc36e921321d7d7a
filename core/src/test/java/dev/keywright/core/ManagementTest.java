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
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.ActiveKeyLimits;
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
    void issuedKeyHasTheRequestedValuesInWholeMilliseconds() {
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
    void hintIsTheLastFourCharactersOfTheText() {
        IssuedKey issued = north.issue(REQUEST);

        String text = issued.secret().reveal();
        assertThat(text).matches("ck_[0-9a-z]{32}").endsWith(issued.key().hint());
        assertThat(issued.key().hint()).hasSize(4);
    }

    @Test
    void textsAndIdsAreUnique() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            IssuedKey issued = north.issue(REQUEST);
            assertThat(seen.add(issued.secret().reveal())).isTrue();
            assertThat(seen.add(issued.key().id().value())).isTrue();
        }
    }

    @Test
    void scopeOutsideTheCatalogIsRefused() {
        assertThatThrownBy(() -> issue(north, "read:people", "delete:people"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("scopes must be chosen from read:people, write:people, read:interviews")
                .extracting("field")
                .isEqualTo(InvalidRequestException.Field.SCOPES);
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void nameWithAKeyIsRefused() {
        IssuedKey issued = north.issue(REQUEST);
        String pasted = "my key: " + issued.secret().reveal() + "!";

        assertThatThrownBy(() -> north.issue(NewKey.named(pasted).allowing("read:people")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("name must not contain the text of an API key");
        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(issued.key());
    }

    @Test
    void expiryIsADurationOrAnInstant() {
        Instant issuedAt = Instant.parse("2025-03-10T00:00:00Z");
        Instant expiry = issuedAt.plus(Duration.ofDays(90));

        assertThat(north.issue(REQUEST.expiringAfter(Duration.ofDays(90))).key().expiresAt())
                .contains(expiry);
        assertThat(north.issue(REQUEST.expiringAt(expiry.plusNanos(999_999)))
                        .key()
                        .expiresAt())
                .contains(expiry);
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
    void listHasTheActiveKeysOfTheTenantOldestFirst() {
        IssuedKey second = north.issue(REQUEST);
        IssuedKey third = north.issue(REQUEST);
        fixture.later(Duration.ofMinutes(-1));
        IssuedKey first = north.issue(REQUEST);
        IssuedKey expired = north.issue(REQUEST.expiringAfter(Duration.ofMillis(1)));
        IssuedKey revoked = north.issue(REQUEST);
        north.revoke(revoked.key().id(), "");
        south.issue(REQUEST);
        fixture.later(Duration.ofMinutes(1));

        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(first.key(), second.key(), third.key());
        assertThat(north.get(expired.key().id())).isEqualTo(expired.key());
    }

    @Test
    void streamReadsAllPages() {
        List<ApiKey> issued = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            issued.add(north.issue(REQUEST).key());
        }

        assertThat(north.stream(KeyQuery.active()).toList()).isEqualTo(issued);
    }

    @Test
    void repeatedRevocationKeepsTheFirstOne() {
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
    void keyOfAnotherTenantIsIndistinguishableFromNone() {
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
    void managementNeedsRoleAdminOrPermissionSettings() {
        ManagementSession teacher = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));

        assertThatCode(() -> keys.managedBy(teacher.withRoles("Admin"))).doesNotThrowAnyException();
        assertThatCode(() -> keys.managedBy(teacher.withRoles("Office").withPermissions("Settings")))
                .doesNotThrowAnyException();
        for (ManagementSession other : List.of(
                teacher,
                teacher.withRoles("Mentor"),
                teacher.withRoles("admin"),
                teacher.withRoles("Settings"),
                teacher.withPermissions("Admin"),
                teacher.withPermissions("settings"))) {
            assertThatThrownBy(() -> keys.managedBy(other))
                    .as(other.toString())
                    .isInstanceOf(NotPermittedException.class);
        }
    }

    @Test
    void managementPolicyIsConfigurable() {
        ApiKeys custom = fixture.builder(store)
                .managementPolicy(session -> session.roles().contains("Principal"))
                .build();

        assertThatCode(() -> custom.managedBy(ADMIN.withRoles("Principal"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> custom.managedBy(ADMIN)).isInstanceOf(NotPermittedException.class);
    }

    @Test
    void noTypeLeadsFromAKeyToItsManagement() {
        // By type: no type that the caller of verify gets returns a session or the keys of a tenant.
        for (Class<?> type : List.of(Verified.class, ApiKey.class, KeyVerifier.class)) {
            assertThat(Arrays.stream(type.getMethods()).map(Method::getReturnType))
                    .doesNotContain(ManagementSession.class, TenantKeys.class, KeyOperations.class, Job.class);
        }
        // Only the host's own code creates a job, not a request.
        assertThat(Arrays.stream(ApiKeys.class.getMethods()).filter(m -> m.getReturnType() == KeyOperations.class))
                .singleElement()
                .satisfies(method -> assertThat(method.getParameterTypes()).containsExactly(Job.class));
        assertThat(Arrays.stream(ApiKeys.class.getMethods()).filter(m -> m.getReturnType() == TenantKeys.class))
                .singleElement()
                .satisfies(method -> assertThat(method.getParameterTypes()).containsExactly(ManagementSession.class));
    }

    @Test
    void repeatedRandomnessIsDetected() {
        SecureRandom stuck = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) 7);
            }
        };
        TenantKeys repeating = fixture.builder(store).random(stuck).build().managedBy(ADMIN);
        IssuedKey first = repeating.issue(REQUEST);

        assertThatThrownBy(() -> repeating.issue(REQUEST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("randomness is broken")
                .hasCauseInstanceOf(DuplicateKeyException.class);
        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(first.key());
    }

    @Test
    void insertWithUnknownOutcomeIsResolvedById() {
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    memory.insert(key, ActiveKeyLimits.UNLIMITED, fixture.now());
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), any(), any());

        IssuedKey issued = north.issue(REQUEST);

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
    }

    @Test
    void insertInProgressIsResolvedByALaterWrite() {
        List<StoredKey> inProgress = new ArrayList<>();
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    inProgress.add(key);
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), any(), any());
        doAnswer(call -> {
                    // Writes are serialized: the insert completes before the next write begins.
                    memory.insert(inProgress.get(0), ActiveKeyLimits.UNLIMITED, fixture.now());
                    return memory.revoke(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .when(store)
                .revoke(any(), any(), any());

        IssuedKey issued = north.issue(REQUEST);

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(issued.key());
    }

    @Test
    void lostInsertIssuesNoKey() {
        doAnswer(call -> {
                    throw new OutcomeUnknownException(
                            call.<StoredKey>getArgument(0).key().id(), null);
                })
                .when(store)
                .insert(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("no API key was issued");

        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void unresolvableInsertReportsItsId() {
        doAnswer(call -> {
                    StoredKey key = call.getArgument(0);
                    throw new OutcomeUnknownException(key.key().id(), null);
                })
                .when(store)
                .insert(any(), any(), any());
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
    void unavailableStoreIssuesNoKey() {
        doThrow(new StoreUnavailableException("the store cannot answer", null))
                .when(store)
                .insert(any(), any(), any());

        assertThatThrownBy(() -> north.issue(REQUEST)).isInstanceOf(StoreUnavailableException.class);
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void buildFailsIfActiveKeysNeedAMissingPepper() {
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
    void keysOfARetiredPepperCanBeRevoked() {
        IssuedKey issued = north.issue(REQUEST);

        ApiKeys without = fixture.builder(store, OTHER_PEPPER)
                .retiredPepper(PEPPER.keys().id())
                .retiredPepper(PEPPER.keys().id())
                .retiredPepper(new PepperId("another"))
                .build();

        assertThat(outcome(without.verify(issued.secret().reveal()))).isEqualTo("MALFORMED");
        assertThat(without.managedBy(ADMIN).stream(KeyQuery.active()).toList()).containsExactly(issued.key());
        without.managedBy(ADMIN).revoke(issued.key().id(), "its pepper is lost");
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    @Test
    void shortPepperIsRefused() {
        assertThatThrownBy(() -> Pepper.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32");
    }

    @Test
    void scopeCatalogIsReadable() {
        ScopeCatalog offered = keys.scopeCatalog();

        assertThat(offered.scopes()).isEqualTo(OFFERED.scopes());
    }
}
