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
import static org.mockito.Mockito.mock;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.UserId;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.PepperUsage;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);
    private final KeyOperations operations = keys.operatedBy(new Job("nightly"));

    @Test
    void jobManagesKeysOfAnyTenant() {
        TenantKeys asJob = operations.keysOf(SOUTHERN_ADMIN.tenant());

        IssuedKey issued = asJob.issue(REQUEST);

        assertThat(issued.key().createdBy()).isEqualTo(Actor.job(new Job("nightly")));
        assertThat(south.stream(KeyQuery.active()).toList()).containsExactly(issued.key());
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
        ApiKey revoked = asJob.revoke(issued.key().id(), "unused");
        assertThat(revoked.revocation().orElseThrow().by()).hasToString("job:nightly");
    }

    @Test
    void policiesForSessionsDoNotApplyToJobs() {
        TenantKeys asJob = fixture.builder(store)
                .managementPolicy(session -> false)
                .grantPolicy((session, scope) -> false)
                .build()
                .operatedBy(new Job("nightly"))
                .keysOf(ADMIN.tenant());

        assertThat(asJob.issue(REQUEST)).isNotNull();
        assertThatThrownBy(() -> asJob.issue(NewKey.named("x").allowing("delete:people")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void purgeDeletesOnlyKeysInactiveForLongerThanTheAge() {
        KeyId revoked = north.issue(REQUEST).key().id();
        north.revoke(revoked, "");
        KeyId expired =
                north.issue(REQUEST.expiringAfter(Duration.ofMillis(1))).key().id();
        KeyId active = south.issue(REQUEST).key().id();
        KeyId expiringLater =
                south.issue(REQUEST.expiringAfter(DAY.multipliedBy(2))).key().id();
        fixture.later(DAY);

        assertThat(operations.purge(DAY)).isZero();
        fixture.later(Duration.ofMillis(1));
        assertThat(operations.purge(DAY)).isEqualTo(1);
        assertThatThrownBy(() -> north.get(revoked)).isInstanceOf(KeyNotFoundException.class);
        fixture.later(Duration.ofMillis(1));
        assertThat(operations.purge(DAY)).isEqualTo(1);
        assertThatThrownBy(() -> north.get(expired)).isInstanceOf(KeyNotFoundException.class);
        assertThat(south.stream(KeyQuery.active()).toList())
                .extracting(ApiKey::id)
                .containsExactly(active, expiringLater);
        assertThat(operations.purge(Duration.ofSeconds(Long.MAX_VALUE))).isZero();
        assertThatThrownBy(() -> operations.purge(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("age must not be negative");
    }

    @Test
    void tenantDeletionDeletesOnlyItsKeys() {
        IssuedKey active = north.issue(REQUEST);
        north.revoke(north.issue(REQUEST).key().id(), "");
        IssuedKey southern = south.issue(REQUEST);

        assertThat(operations.deleteTenant(ADMIN.tenant())).isEqualTo(2);

        assertThat(north.list(KeyQuery.all()).items()).isEmpty();
        assertThat(outcome(keys.verify(active.secret().reveal()))).isEqualTo("UNKNOWN");
        assertThat(south.stream(KeyQuery.active()).toList()).containsExactly(southern.key());
    }

    @Test
    void deletedTenantIdCanBeReused() {
        IssuedKey before = north.issue(REQUEST);
        operations.deleteTenant(ADMIN.tenant());

        IssuedKey after = north.issue(REQUEST);

        assertThat(outcome(keys.verify(after.secret().reveal()))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(before.secret().reveal()))).isEqualTo("UNKNOWN");
        assertThat(north.list(KeyQuery.all()).items()).containsExactly(after.key());
    }

    @Test
    void tenantDeletionContinuesBeyondOneWrite() {
        for (int i = 0; i < 1_001; i++) {
            north.issue(REQUEST);
        }

        assertThat(operations.deleteTenant(ADMIN.tenant())).isEqualTo(1_001);
        assertThat(operations.deleteTenant(ADMIN.tenant())).isZero();
    }

    @Test
    void purgeContinuesBeyondOneWrite() {
        for (int i = 0; i < 1_001; i++) {
            north.issue(REQUEST.expiringAfter(Duration.ofMillis(1)));
        }
        fixture.later(DAY);

        assertThat(operations.purge(Duration.ZERO)).isEqualTo(1_001);
        assertThat(operations.purge(Duration.ZERO)).isZero();
    }

    @Test
    void pepperUsageCountsKeysByPepperAndImportFormat() {
        north.issue(REQUEST);
        ApiKeys later = fixture.builder(store, OTHER_PEPPER, Pepper.none())
                .retiredPepper(PEPPER.keys().id())
                .uncheckedImports(ImportDigest.sha256())
                .importFormat(ImportFormat.prefix("legacy_")
                        .alphabet("0123456789abcdef")
                        .length(32)
                        .digestOfText(ImportDigest.sha256()))
                .build();
        later.managedBy(ADMIN).issue(REQUEST);
        KeyOperations asJob = later.operatedBy(new Job("report"));
        for (int i = 0; i < 3; i++) {
            String digest =
                    HexFormat.of().formatHex(ImportDigest.sha256().algorithm().digest("key " + i));
            asJob.importKeys(
                    List.of(ImportedKey.digested(digest)
                            .prefixed(i == 0 ? "ck_" : "legacy_")
                            .of("south")
                            .named("Payroll")
                            .allowing("read:people")
                            .hint("00")),
                    progress -> {});
        }

        assertThat(asJob.pepperUsage())
                .containsExactly(
                        PepperUsage.of(
                                OTHER_PEPPER.keys().id().value(),
                                PepperUsage.Role.ISSUING,
                                4,
                                Map.of("ck_", 1L, "legacy_", 2L)),
                        PepperUsage.of("none", PepperUsage.Role.ACCEPTED, 0, Map.of()),
                        PepperUsage.of(PEPPER.keys().id().value(), PepperUsage.Role.MISSING, 1, Map.of()));
        assertThat(later.managedBy(ADMIN).reports().onOtherPeppers()).hasSize(1);
    }

    @Test
    void pepperCanBeAcceptedBeforeItIssues() {
        ApiKeys accepting = fixture.builder(store, PEPPER, OTHER_PEPPER).build();
        ApiKeys issuing = fixture.builder(store, OTHER_PEPPER, PEPPER).build();

        String old = accepting.managedBy(ADMIN).issue(REQUEST).secret().reveal();
        String fresh = issuing.managedBy(ADMIN).issue(REQUEST).secret().reveal();

        for (ApiKeys node : List.of(accepting, issuing)) {
            assertThat(outcome(node.verify(old))).isEqualTo("VERIFIED");
            assertThat(outcome(node.verify(fresh))).isEqualTo("VERIFIED");
        }
        assertThat(outcome(keys.verify(fresh))).isEqualTo("MALFORMED");
    }

    @Test
    void holderCanRevokeTheKey() {
        IssuedKey issued = north.issue(REQUEST);

        assertThat(keys.revokeByPossession(issued.secret(), "found in a repository"))
                .isTrue();

        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("REVOKED");
        Revocation revocation = north.get(issued.key().id()).revocation().orElseThrow();
        assertThat(revocation.by()).isEqualTo(StoredValues.holder());
        assertThat(revocation.reason()).isEqualTo("found in a repository");
        assertThat(keys.revokeByPossession(issued.secret(), "again")).isTrue();
        assertThat(north.get(issued.key().id()).revocation()).contains(revocation);
    }

    @Test
    void retriedRevocationPublishesOneEvent() {
        KeyStore failing = mock(KeyStore.class, delegatesTo(store));
        doAnswer(call -> {
                    store.revoke(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                    throw new OutcomeUnknownException(call.<KeyId>getArgument(1), null);
                })
                .doAnswer(call -> store.revoke(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(failing)
                .revoke(any(), any(), any());
        Queue<KeyId> events = new ConcurrentLinkedQueue<>();
        ApiKeys listened = fixture.builder(failing)
                .listener(new KeyListener() {
                    @Override
                    public void revoked(ApiKey key) {
                        events.add(key.id());
                    }
                })
                .build();
        IssuedKey issued = north.issue(REQUEST);

        listened.managedBy(ADMIN).revoke(issued.key().id(), "lost");
        listened.managedBy(ADMIN).revoke(issued.key().id(), "again");
        listened.close();

        assertThat(events).containsExactly(issued.key().id());
    }

    @Test
    void unknownOutcomeNamesTheKeyOnlyIfThereIsOne() {
        KeyStore failing = mock(KeyStore.class, delegatesTo(store));
        doAnswer(call -> {
                    throw new OutcomeUnknownException(call.<KeyId>getArgument(1), null);
                })
                .when(failing)
                .revoke(any(), any(), any());
        KeyId id = north.issue(REQUEST).key().id();
        TenantKeys tenantKeys = fixture.keysIn(failing).managedBy(ADMIN);

        assertThatThrownBy(() -> tenantKeys.revoke(List.of(id), ""))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class, e -> assertThat(e.id()).isEmpty());
        assertThatThrownBy(() -> tenantKeys.revoke(id, ""))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class, e -> assertThat(e.id()).contains(id));
    }

    @Test
    void keyOfAnotherStoreIsNotRevoked() {
        IssuedKey elsewhere =
                fixture.keysIn(new InMemoryKeyStore()).managedBy(ADMIN).issue(REQUEST);

        assertThat(keys.revokeByPossession(elsewhere.secret(), "")).isFalse();
    }

    @Test
    void listOfKeysIsRevokedEntirelyOrNotAtAll() {
        List<KeyId> ids = List.of(
                north.issue(REQUEST).key().id(), north.issue(REQUEST).key().id());
        KeyId other = north.issue(REQUEST).key().id();
        KeyId southern = south.issue(REQUEST).key().id();

        for (KeyId wrong : List.of(KeyId.of("never"), southern)) {
            assertThatThrownBy(() -> north.revoke(List.of(ids.get(0), wrong), ""))
                    .isInstanceOf(KeyNotFoundException.class);
        }
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(3);

        List<ApiKey> revoked = north.revoke(List.of(ids.get(1), ids.get(0), ids.get(1)), "moved away");

        assertThat(revoked).extracting(ApiKey::id).containsExactly(ids.get(1), ids.get(0));
        assertThat(revoked)
                .allSatisfy(key ->
                        assertThat(key.revocation().orElseThrow().reason()).isEqualTo("moved away"));
        assertThat(north.stream(KeyQuery.active()).toList())
                .extracting(ApiKey::id)
                .containsExactly(other);
        assertThat(north.revoke(List.of(), "")).isEmpty();
    }

    @Test
    void revokeAllRevokesTheKeysOfOneTenant() {
        Instant now = Instant.parse("2025-03-10T00:00:00Z");
        List<IssuedKey> issued = List.of(north.issue(REQUEST), north.issue(REQUEST));
        KeyId before = north.issue(REQUEST).key().id();
        ApiKey first = north.revoke(before, "first");
        ApiKey southern = south.issue(REQUEST).key();

        assertThat(north.revokeAll("the district was broken into")).isEqualTo(2);

        for (IssuedKey key : issued) {
            assertThat(outcome(keys.verify(key.secret().reveal()))).isEqualTo("REVOKED");
            assertThat(north.get(key.key().id()).revocation())
                    .contains(new Revocation(
                            now, Actor.person(UserId.of("ada of north")), "the district was broken into"));
        }
        assertThat(north.get(before)).isEqualTo(first);
        assertThat(south.stream(KeyQuery.active()).toList()).containsExactly(southern);
        assertThat(north.revokeAll("again")).isZero();
        assertThat(outcome(keys.verify(north.issue(REQUEST).secret().reveal()))).isEqualTo("VERIFIED");
    }
}
