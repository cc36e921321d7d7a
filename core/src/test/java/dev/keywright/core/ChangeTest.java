package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OFFERED;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyNotFoundException;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Scope;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ChangeTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people", "write:people");
    private static final Scope WRITE_PEOPLE = Scope.of("write:people");
    private static final Scope READ_INTERVIEWS = Scope.of("read:interviews");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore memory = new InMemoryKeyStore();
    private final KeyStore store = mock(KeyStore.class, delegatesTo(memory));
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued = north.issue(REQUEST);
    private final KeyId id = issued.key().id();
    private final String token = issued.secret().reveal();

    @Test
    void renameChangesNothingElse() {
        ApiKey renamed = north.change(id, KeyChange.ifVersion(1).rename("Payroll"));

        assertThat(renamed.name().value()).isEqualTo("Payroll");
        assertThat(renamed.scopes()).isEqualTo(issued.key().scopes());
        assertThat(renamed.version()).isEqualTo(2);
        assertThat(north.get(id)).isEqualTo(renamed);
    }

    @Test
    void changedScopesApplyToTheNextVerification() {
        north.change(id, KeyChange.ifVersion(1).rescope("read:people"));
        assertThat(outcome(keys.verify(token, WRITE_PEOPLE))).isEqualTo("MISSING_SCOPE");

        ApiKey wider = north.change(id, KeyChange.ifVersion(2).rescope("read:interviews", "read:people"));
        assertThat(outcome(keys.verify(token, READ_INTERVIEWS))).isEqualTo("VERIFIED");
        assertThat(wider.scopes()).hasToString("read:interviews read:people");
        assertThat(wider.name()).isEqualTo(issued.key().name());
    }

    @Test
    void changeOfAnotherVersionIsAConflict() {
        ApiKey first = north.change(id, KeyChange.ifVersion(1).rescope("read:people"));

        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.VERSION))
                .hasMessageContaining("read it again");
        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(3).rename("Payroll")))
                .isInstanceOf(KeyConflictException.class);

        assertThat(north.get(id)).isEqualTo(first);
    }

    @Test
    void concurrentChangeIsNotOverwritten() {
        doAnswer(call -> {
                    memory.change(
                            StoredValues.keyBuilder(north.get(id))
                                    .name(issued.key().name())
                                    .build(),
                            fixture.now());
                    return memory.change(call.getArgument(0), call.getArgument(1));
                })
                .when(store)
                .change(any(), any());

        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.VERSION));
    }

    @Test
    void changeAfterConcurrentRevocationIsAConflict() {
        doAnswer(call -> {
                    north.revoke(id, "lost");
                    return memory.change(call.getArgument(0), call.getArgument(1));
                })
                .when(store)
                .change(any(), any());

        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.REVOKED));
    }

    @Test
    void changeWithUnknownOutcomeIsRetried() {
        doAnswer(call -> {
                    memory.change(call.getArgument(0), call.getArgument(1));
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.change(call.getArgument(0), call.getArgument(1)))
                .doThrow(new OutcomeUnknownException(id, null))
                .doAnswer(call -> memory.change(call.getArgument(0), call.getArgument(1)))
                .when(store)
                .change(any(), any());

        assertThat(north.change(id, KeyChange.ifVersion(1).rename("Payroll")).version())
                .isEqualTo(2);
        assertThat(north.change(id, KeyChange.ifVersion(2).rename("Payroll 2")).version())
                .isEqualTo(3);
        assertThat(north.get(id).name().value()).isEqualTo("Payroll 2");
    }

    @Test
    void retryDoesNotMistakeAnotherChangeForItsOwn() {
        doAnswer(call -> {
                    memory.change(
                            StoredValues.keyBuilder(north.get(id))
                                    .name(KeyName.of("Another"))
                                    .build(),
                            fixture.now());
                    throw new OutcomeUnknownException(id, null);
                })
                .doAnswer(call -> memory.change(call.getArgument(0), call.getArgument(1)))
                .when(store)
                .change(any(), any());

        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("Ours")))
                .isInstanceOf(KeyConflictException.class);
    }

    @Test
    void changeOfExpiredKeyIsAConflict() {
        IssuedKey expiring = north.issue(REQUEST.expiringAfter(Duration.ofDays(1)));
        fixture.later(Duration.ofDays(1));

        assertThatThrownBy(() ->
                        north.change(expiring.key().id(), KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOfSatisfying(
                        KeyConflictException.class,
                        e -> assertThat(e.rule()).isEqualTo(KeyConflictException.Rule.EXPIRED));
    }

    @Test
    void invalidChangeIsRefused() {
        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the change must have a name, scopes, an owner, a description or attributes");
        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rescope("delete:people")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("scopes must be chosen from");
        assertThatThrownBy(() -> north.change(id, KeyChange.ifVersion(1).rename("my " + token)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("name must not contain the text of an API key");
        assertThat(north.get(id)).isEqualTo(issued.key());
    }

    @Test
    void scopeRemovedFromTheCatalogCanBeKept() {
        ApiKeys fewer = fixture.builder(store, ScopeCatalog.of("read:people", "list and get people"), Fixture.PEPPER)
                .build();

        ApiKey kept = fewer.managedBy(ADMIN).change(id, KeyChange.ifVersion(1).rescope("write:people"));

        assertThat(kept.scopes()).hasToString("write:people");
        assertThatThrownBy(() ->
                        fewer.managedBy(ADMIN).change(id, KeyChange.ifVersion(2).rescope("read:interviews")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void grantPolicyLimitsIssueChangeAndRotation() {
        TenantKeys reader = fixture.builder(store)
                .grantPolicy((session, scope) -> !scope.equals(WRITE_PEOPLE))
                .build()
                .managedBy(ADMIN);
        KeyId reading = reader.issue(NewKey.named("Reader").allowing("read:people"))
                .key()
                .id();

        assertRefused(() -> reader.issue(REQUEST));
        assertRefused(() -> reader.change(reading, KeyChange.ifVersion(1).rescope("write:people")));
        // The caller would get its secret.
        assertRefused(() -> reader.rotate(id, Duration.ZERO));
        assertThat(reader.change(id, KeyChange.ifVersion(1).rescope("write:people"))
                        .scopes())
                .as("a scope that the key has already")
                .hasToString("write:people");
        assertThat(reader.revoke(id, "")).isNotNull();
        assertThat(OFFERED.scopes()).contains(WRITE_PEOPLE);
    }

    @Test
    void keyOfAnotherTenantIsNotFound() {
        TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);

        assertThatThrownBy(() -> south.change(id, KeyChange.ifVersion(1).rename("Payroll")))
                .isInstanceOf(KeyNotFoundException.class);
        assertThat(north.get(id)).isEqualTo(issued.key());
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NotPermittedException.class)
                .hasMessageContaining("the scope write:people");
    }
}
