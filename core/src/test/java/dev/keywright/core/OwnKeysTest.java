package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;

import dev.keywright.Actor;
import dev.keywright.AlreadyIssuedException;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.NotPermittedException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** Keys of people who may not manage keys. */
class OwnKeysTest {

    private static final NewKey REQUEST = NewKey.named("My Script").allowing("read:people");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final ManagementSession BOB = person("north", "bob");
    private static final KeyOwner BOBS = KeyOwner.person(BOB.user());
    private static final KeyOwner CAROLS = KeyOwner.person(UserId.of("carol"));
    private static final OwnKeyPolicy POLICY =
            OwnKeyPolicy.upTo("read:people", "read:interviews").maxLifetime(MONTH);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final ApiKeys keys = builder().ownKeys(POLICY).build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final ManagedKeys own = keys.ownKeysOf(BOB);

    private KeywrightBuilder builder() {
        return fixture.builder(store).listener(new KeyListener() {
            @Override
            public void managementRefused(ManagementSession session, String why, long heldBack) {
                refusals.add(session.user() + ": " + why);
            }
        });
    }

    private static ManagementSession person(String tenant, String user) {
        return ManagementSession.of(TenantId.of(tenant), UserId.of(user));
    }

    @Test
    void personIssuesRotatesAndRevokesOwnKeys() {
        IssuedKey issued = own.issue(REQUEST);
        assertThat(issued.key().owner()).contains(BOBS);
        assertThat(issued.key().tenant()).isEqualTo(BOB.tenant());
        assertThat(issued.key().createdBy()).isEqualTo(Actor.person(BOB.user()));
        assertThat(own.get(issued.key().id())).isEqualTo(issued.key());
        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("VERIFIED");

        Rotation rotation = own.rotate(issued.key().id(), DAY);
        assertThat(rotation.successor().key().owner()).contains(BOBS);
        own.completeRotation(issued.key().id());
        assertThat(outcome(keys.verify(issued.secret().reveal()))).isEqualTo("REVOKED");

        ApiKey revoked = own.revoke(rotation.successor().key().id(), "not needed");
        assertThat(revoked.revocation().orElseThrow().reason()).isEqualTo("not needed");
        assertThat(outcome(keys.verify(rotation.successor().secret().reveal()))).isEqualTo("REVOKED");
    }

    @Test
    void keyThatAManagerGaveToThePersonIsTheirs() {
        KeyId id = north.issue(REQUEST.ownedBy(BOBS)).key().id();
        assertThat(own.get(id).createdBy()).isEqualTo(Actor.person(ADMIN.user()));

        north.change(id, KeyChange.ifVersion(1).transferTo(CAROLS));
        assertNotFound(() -> own.get(id));
    }

    @Test
    void otherKeysAreLikeMissingOnes() {
        List<IssuedKey> others = List.of(
                north.issue(REQUEST.ownedBy(CAROLS)),
                north.issue(REQUEST.ownedBy(KeyOwner.service("bob"))),
                north.issue(REQUEST),
                keys.ownKeysOf(person("south", "bob")).issue(REQUEST));
        List<String> expected = storeCalls(KeyId.of("key_missing"));

        for (IssuedKey other : others) {
            assertThat(storeCalls(other.key().id())).isEqualTo(expected);
            assertThat(outcome(keys.verify(other.secret().reveal()))).isEqualTo("VERIFIED");
        }
    }

    /** {@return the methods of the store that each operation calls for a key that it does not find} */
    private List<String> storeCalls(KeyId id) {
        Mockito.clearInvocations(store);
        assertNotFound(() -> own.get(id));
        assertNotFound(() -> own.rotate(id, DAY));
        assertNotFound(() -> own.completeRotation(id));
        assertNotFound(() -> own.revoke(id, ""));
        return mockingDetails(store).getInvocations().stream()
                .map(call -> call.getMethod().getName())
                .toList();
    }

    @Test
    void ownKeysAreRefusedUnlessTheHostPermitsThem() {
        ApiKeys none = builder().build();
        ApiKeys some = builder()
                .ownKeys(POLICY.permittedFor(session -> session.roles().contains("Developer")))
                .build();

        assertNotPermitted(() -> none.ownKeysOf(BOB), "you may not have API keys of your own; ask an administrator");
        assertNotPermitted(() -> some.ownKeysOf(BOB), "you may not have API keys of your own; ask an administrator");
        assertThat(some.ownKeysOf(BOB.withRoles("Developer")).issue(REQUEST)).isNotNull();
        assertThatThrownBy(() -> keys.managedBy(BOB)).isInstanceOf(NotPermittedException.class);
        none.close();
        some.close();
        // The refusal of the management is published by another instance.
        assertThat(refusals)
                .filteredOn(refusal -> refusal.contains("of your own"))
                .containsExactlyInAnyOrder(
                        "bob: you may not have API keys of your own; ask an administrator",
                        "bob: you may not have API keys of your own; ask an administrator");
    }

    @Test
    void scopesBeyondTheCeilingAreRefused() {
        String why = "you may not have an API key of your own with the scope write:people; ask an administrator";
        KeyId wide = north.issue(NewKey.named("Wide")
                        .allowing("read:people", "write:people")
                        .ownedBy(BOBS))
                .key()
                .id();

        assertNotPermitted(() -> own.issue(NewKey.named("Wide").allowing("read:people", "write:people")), why);
        assertNotPermitted(() -> own.rotate(wide, DAY), why);
        assertThat(north.list(KeyQuery.all()).items()).hasSize(1);
        assertThat(own.revoke(wide, "").revocation()).isPresent();
    }

    @Test
    void grantPolicyAppliesToOwnKeysToo() {
        ManagedKeys limited = builder()
                .ownKeys(POLICY)
                .grantPolicy((session, scope) -> scope.value().equals("read:people"))
                .build()
                .ownKeysOf(BOB);

        assertThat(limited.issue(REQUEST)).isNotNull();
        assertThatThrownBy(() -> limited.issue(NewKey.named("Other").allowing("read:interviews")))
                .isInstanceOf(NotPermittedException.class);
    }

    @Test
    void requestWithAnotherOwnerIsRefused() {
        assertThat(own.issue(REQUEST.ownedBy(BOBS)).key().owner()).contains(BOBS);
        assertNotPermitted(
                () -> own.issue(REQUEST.ownedBy(CAROLS)),
                "you may manage API keys of your own only; ask an administrator");
    }

    @Test
    void lifetimeIsWithinTheMaximumOfOwnKeys() {
        assertThat(lifetime(own, REQUEST)).isEqualTo(MONTH);
        assertThat(lifetime(own, REQUEST.expiringAfter(DAY))).isEqualTo(DAY);
        assertThat(lifetime(own, REQUEST.expiringAfter(MONTH))).isEqualTo(MONTH);
        assertThatThrownBy(() -> own.issue(REQUEST.expiringAfter(MONTH.plusMillis(1))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo(InvalidRequestException.Field.EXPIRES_AT));

        assertThat(lifetime(
                        builder().ownKeys(POLICY).defaultLifetime(DAY).build().ownKeysOf(BOB), REQUEST))
                .isEqualTo(DAY);
        assertThat(lifetime(
                        builder()
                                .ownKeys(POLICY)
                                .defaultLifetime(MONTH.plus(DAY))
                                .build()
                                .ownKeysOf(BOB),
                        REQUEST))
                .isEqualTo(MONTH);
        assertThat(lifetime(builder().ownKeys(POLICY).maxLifetime(DAY).build().ownKeysOf(BOB), REQUEST))
                .isEqualTo(DAY);
        assertThat(builder()
                        .ownKeys(OwnKeyPolicy.upTo("read:people"))
                        .build()
                        .ownKeysOf(BOB)
                        .issue(REQUEST)
                        .key()
                        .lifetime())
                .isEmpty();
        assertThat(north.issue(REQUEST).key().lifetime())
                .as("a key of a manager")
                .isEmpty();
    }

    private static Duration lifetime(ManagedKeys keys, NewKey request) {
        return keys.issue(request).key().lifetime().orElseThrow();
    }

    @Test
    void rotationKeepsWithinTheMaximumLifetime() {
        KeyId unlimited = north.issue(REQUEST.ownedBy(BOBS)).key().id();
        KeyId longLived = north.issue(REQUEST.ownedBy(BOBS).expiringAfter(Duration.ofDays(365)))
                .key()
                .id();
        KeyId shortLived =
                north.issue(REQUEST.ownedBy(BOBS).expiringAfter(DAY)).key().id();

        for (KeyId id : List.of(unlimited, longLived)) {
            ApiKey successor = own.rotate(id, DAY).successor().key();
            assertThat(successor.expiresAt()).contains(successor.createdAt().plus(MONTH));
        }
        ApiKey successor = own.rotate(shortLived, DAY).successor().key();
        assertThat(successor.expiresAt()).contains(successor.createdAt().plus(DAY));
    }

    @Test
    void transferDuringARotationPreventsIt() {
        KeyId id = own.issue(REQUEST).key().id();
        doAnswer(call -> {
                    north.change(id, KeyChange.ifVersion(1).transferTo(CAROLS));
                    return memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2));
                })
                .doAnswer(call -> memory.replace(call.getArgument(0), call.getArgument(1), call.getArgument(2)))
                .when(store)
                .replace(any(), any(), any());

        assertNotFound(() -> own.rotate(id, DAY));
        assertThat(north.list(KeyQuery.all()).items()).containsExactly(north.get(id));
    }

    @Test
    void activeSuccessorOfAnotherOwnerStillPreventsARotation() {
        KeyId id = own.issue(REQUEST).key().id();
        KeyId successor = own.rotate(id, DAY).successor().key().id();
        north.change(successor, KeyChange.ifVersion(1).transferTo(CAROLS));

        assertThatThrownBy(() -> own.rotate(id, DAY))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.ROTATED));
    }

    @Test
    void suspendedKeyCanBeRevokedButNotRotated() {
        KeyId id = own.issue(REQUEST).key().id();
        north.suspend(id, "");

        assertThatThrownBy(() -> own.rotate(id, DAY))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.SUSPENDED));
        assertThat(own.revoke(id, "").revocation()).isPresent();
    }

    @Test
    void idempotencyKeysOfPeopleAreIndependent() {
        NewKey request = REQUEST.idempotencyKey("req-1");
        KeyId managers = north.issue(request).key().id();
        KeyId carols =
                keys.ownKeysOf(person("north", "carol")).issue(request).key().id();

        KeyId bobs = own.issue(request).key().id();

        assertThat(List.of(managers, carols, bobs)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> own.issue(request))
                .isInstanceOfSatisfying(
                        AlreadyIssuedException.class, e -> assertThat(e.id()).isEqualTo(bobs));
    }

    @Test
    void numberOfOwnKeysIsLimited() {
        ManagedKeys limited = builder().ownKeys(POLICY.maxActiveKeys(2)).build().ownKeysOf(BOB);
        north.issue(REQUEST.ownedBy(CAROLS));
        north.issue(REQUEST);
        KeyId given = north.issue(REQUEST.ownedBy(BOBS)).key().id();
        limited.issue(REQUEST);

        assertTooMany(limited, 2);
        KeyId successor = limited.rotate(given, DAY).successor().key().id();
        assertTooMany(limited, 2);
        limited.completeRotation(given);
        limited.revoke(successor, "");
        assertThat(limited.issue(REQUEST)).isNotNull();
    }

    @Test
    void limitOfTheTenantIsNotToldToAPerson() {
        ApiKeys few = builder().ownKeys(POLICY).maxActiveKeys(3).build();
        for (int i = 0; i < 3; i++) {
            few.managedBy(ADMIN).issue(REQUEST);
        }

        assertTooMany(few.ownKeysOf(BOB), 10);
    }

    private static void assertTooMany(ManagedKeys keys, int limit) {
        assertThatThrownBy(() -> keys.issue(REQUEST))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.TOO_MANY_KEYS))
                .hasMessage("you cannot have another API key: you own the maximum of " + limit
                        + " active ones, or the tenant has its maximum; revoke one that is not needed, or ask an"
                        + " administrator");
    }

    @Test
    void attributesAreForManagersUnlessTheHostPermitsThem() {
        NewKey request = REQUEST.attributes(KeyAttributes.of(Map.of("plan", "pro")));
        KeyId given = north.issue(request.ownedBy(BOBS)).key().id();

        assertThatThrownBy(() -> own.issue(request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("attributes must not be set for an API key of your own; ask an administrator");
        assertThat(own.rotate(given, DAY).successor().key().attributes()).isEqualTo(request.attributes());
        assertThat(builder()
                        .ownKeys(POLICY.permitAttributes())
                        .build()
                        .ownKeysOf(BOB)
                        .issue(request)
                        .key()
                        .attributes())
                .isEqualTo(request.attributes());
    }

    @Test
    void ownKeysAreIssuedInThePermittedEnvironments() {
        KeyFormat live = KeyFormat.prefix("acme_live_").environment("live");
        KeyFormat test = KeyFormat.prefix("acme_test_").environment("test");
        ApiKeys several = builder()
                .formats(live, test)
                .ownKeys(POLICY.environments("test"))
                .build();
        ManagedKeys testOnly = several.ownKeysOf(BOB);
        KeyId given = several.managedBy(ADMIN)
                .issue(REQUEST.environment("live").ownedBy(BOBS))
                .key()
                .id();

        assertThat(testOnly.issue(REQUEST).key().environment()).contains("test");
        assertThat(testOnly.issue(REQUEST.environment("test")).key().environment())
                .contains("test");
        assertThatThrownBy(() -> testOnly.issue(REQUEST.environment("live")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("environment must be one of: test");
        assertThatThrownBy(() -> testOnly.rotate(given, DAY))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "environment live, that of the API key, is not available for new keys: issue a key in another"
                                + " one, or ask an administrator");
        assertThatThrownBy(() -> testOnly.rotate(given, DAY, "acme_live_"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("prefix must be one of: acme_test_");
        assertThatThrownBy(() -> builder()
                        .formats(live, test)
                        .ownKeys(POLICY.environments("dev"))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "ownKeys must have environments of key formats, had dev: add it to formats, or remove it from"
                                + " OwnKeyPolicy.environments");
    }

    @Test
    void ownKeyWithoutAnEnvironmentEntersNone() {
        KeyId id = own.issue(REQUEST).key().id();
        ManagedKeys later = builder()
                .formats(KeyFormat.DEFAULT, KeyFormat.prefix("acme_live_").environment("live"))
                .ownKeys(POLICY)
                .build()
                .ownKeysOf(BOB);

        assertThatThrownBy(() -> later.rotate(id, DAY, "acme_live_"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("prefix must be that of a format without an environment, as the API key has none; an"
                        + " administrator can choose another one");
        assertThat(later.rotate(id, DAY).successor().key().environment()).isEmpty();
    }

    @Test
    void policyRefusesInvalidLimits() {
        assertThatThrownBy(OwnKeyPolicy::upTo).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OwnKeyPolicy.upTo("read:people").maxLifetime(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLifetime must be at least a millisecond and at most 100 years, was PT0S");
        for (int keys : List.of(0, 10_001)) {
            assertThatThrownBy(() -> POLICY.maxActiveKeys(keys))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxActiveKeys must be at least 1 and at most 10000, was " + keys);
        }
        assertThatThrownBy(POLICY::environments).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> POLICY.environments("test", "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("environments must not have duplicates, had two of test");
    }

    private static void assertNotFound(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessage(new KeyNotFoundException().getMessage());
    }

    private static void assertNotPermitted(ThrowingCallable call, String why) {
        assertThatThrownBy(call).isInstanceOf(NotPermittedException.class).hasMessage(why);
    }
}
