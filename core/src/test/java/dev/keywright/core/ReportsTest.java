package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyReports;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.TenantKeys;
import dev.keywright.management.UnusedScopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportsTest {

    private static final NewKey REQUEST =
            NewKey.named("Reporting Script").allowing("read:people", "write:people", "read:interviews");
    private static final Scope READ_PEOPLE = Scope.of("read:people");
    private static final Scope READ_INTERVIEWS = Scope.of("read:interviews");
    private static final Duration DAY = Duration.ofDays(1);

    private final Fixture fixture = new Fixture();
    private final ApiKeys keys = fixture.keysIn(new InMemoryKeyStore());
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final KeyReports reports = north.reports();

    private void use(IssuedKey key, Scope scope) {
        assertThat(outcome(keys.verify(key.secret().reveal(), scope))).isEqualTo("VERIFIED");
    }

    @Test
    void usageIsInReportsAndListsButNotInVerifications() {
        IssuedKey issued = north.issue(REQUEST);
        use(issued, READ_PEOPLE);
        fixture.later(Duration.ofHours(1));
        use(issued, READ_INTERVIEWS);
        keys.verify(issued.secret().reveal(), Scope.of("delete:people"));
        fixture.later(Duration.ofHours(-1));
        keys.verify(issued.secret().reveal());

        fixture.runMaintenance();

        KeyUsage usage = north.get(issued.key().id()).usage().orElseThrow();
        assertThat(usage)
                .isEqualTo(
                        new KeyUsage(Instant.parse("2025-03-10T01:00:00Z"), 3, Set.of(READ_PEOPLE, READ_INTERVIEWS)));
        assertThat(north.stream(KeyQuery.active()).toList().get(0).usage()).contains(usage);
        assertThat(keys.verify(issued.secret().reveal())
                        .orElseThrow(AssertionError::new)
                        .key()
                        .usage())
                .isEmpty();
        assertThat(north.get(issued.key().id()).version()).isEqualTo(1);
    }

    @Test
    void usageBeforeARevocationIsRecordedAfterIt() {
        IssuedKey leaked = north.issue(REQUEST);
        IssuedKey revokedWithAll = north.issue(REQUEST);
        for (int i = 0; i < 5; i++) {
            use(leaked, READ_PEOPLE);
            use(revokedWithAll, READ_PEOPLE);
        }

        north.revoke(leaked.key().id(), "leaked");
        north.revokeAll("laptop stolen");
        fixture.runMaintenance();

        for (IssuedKey key : List.of(leaked, revokedWithAll)) {
            assertThat(north.get(key.key().id()).usage())
                    .contains(new KeyUsage(Instant.parse("2025-03-10T00:00:00Z"), 5, Set.of(READ_PEOPLE)));
        }
    }

    @Test
    void unusedKeysAreReportedByLastUseOrIssue() {
        IssuedKey never = north.issue(REQUEST);
        IssuedKey once = north.issue(REQUEST);
        IssuedKey often = north.issue(REQUEST);
        use(once, READ_PEOPLE);
        KeyId revoked = north.issue(REQUEST).key().id();
        north.revoke(revoked, "");
        fixture.later(DAY.multipliedBy(30).minusMillis(1));
        assertThat(ids(reports.unusedFor(DAY.multipliedBy(30)))).isEmpty();
        use(often, READ_PEOPLE);
        IssuedKey young = north.issue(REQUEST);
        keys.managedBy(SOUTHERN_ADMIN).issue(REQUEST);
        fixture.later(Duration.ofMillis(1));

        assertThat(ids(reports.unusedFor(DAY.multipliedBy(30))))
                .containsExactly(never.key().id(), once.key().id());
        assertThat(ids(reports.unusedFor(Duration.ZERO)))
                .containsExactly(
                        never.key().id(),
                        once.key().id(),
                        often.key().id(),
                        young.key().id());
        assertThat(reports.unusedFor(Duration.ofSeconds(Long.MAX_VALUE))).isEmpty();
    }

    @Test
    void unusedScopesAreReportedWithTheSufficientOnes() {
        IssuedKey some = north.issue(REQUEST);
        IssuedKey none = north.issue(REQUEST);
        IssuedKey all = north.issue(NewKey.named("Reader").allowing("read:people"));
        use(some, READ_INTERVIEWS);
        use(some, READ_PEOPLE);
        use(all, READ_PEOPLE);

        List<UnusedScopes> found = reports.unusedScopes();

        assertThat(found).hasSize(2);
        assertThat(found.get(0).key().id()).isEqualTo(some.key().id());
        assertThat(found.get(0).unused()).hasToString("write:people");
        assertThat(found.get(0).enough().orElseThrow()).hasToString("read:people read:interviews");
        assertThat(found.get(1).key().id()).isEqualTo(none.key().id());
        assertThat(found.get(1).unused()).isEqualTo(none.key().scopes());
        assertThat(found.get(1).enough()).isEmpty();
    }

    @Test
    void keysThatExpireSoonAreReported() {
        KeyId soon = north.issue(REQUEST.expiringAfter(DAY)).key().id();
        north.issue(REQUEST.expiringAfter(DAY.plusMillis(1)));
        north.issue(REQUEST);

        assertThat(ids(reports.expiringWithin(DAY))).containsExactly(soon);
        assertThat(ids(reports.expiringWithin(Duration.ofSeconds(Long.MAX_VALUE))))
                .hasSize(2);
        fixture.later(DAY);
        assertThat(ids(reports.expiringWithin(DAY))).doesNotContain(soon);
    }

    @Test
    void rotationIsSafeOnceOnlyTheSuccessorIsUsed() {
        IssuedKey old = north.issue(REQUEST);
        use(old, READ_PEOPLE);
        KeyId id = old.key().id();
        Rotation rotation = north.rotate(id, DAY.multipliedBy(14));
        KeyId successor = rotation.successor().key().id();

        assertThat(isSafe(id)).as("just used").isFalse();
        fixture.later(DAY);
        assertThat(isSafe(id)).as("unused for a day, but so is the successor").isFalse();
        use(rotation.successor(), READ_PEOPLE);
        RotationProgress progress = reports.rotation(id, DAY);
        assertThat(progress.safeToComplete()).isTrue();
        assertThat(progress.predecessor().usage().orElseThrow().lastUsedAt())
                .isEqualTo(Instant.parse("2025-03-10T00:00:00Z"));
        assertThat(progress.successor().id()).isEqualTo(successor);
        assertThat(reports.rotation(successor, DAY)).isEqualTo(progress);
        use(old, READ_PEOPLE);
        assertThat(isSafe(id)).as("still used").isFalse();
        north.completeRotation(id);
        assertThat(isSafe(id)).as("completed").isTrue();
    }

    @Test
    void rotationOfUnusedKeyIsSafeToComplete() {
        KeyId id = north.issue(REQUEST).key().id();
        north.rotate(id, DAY.multipliedBy(14));

        assertThat(isSafe(id)).as("rotated less than a day ago").isFalse();
        fixture.later(DAY);
        assertThat(isSafe(id)).isTrue();
    }

    @Test
    void progressOfUnrotatedKeyIsAConflict() {
        KeyId id = north.issue(REQUEST).key().id();

        assertThatThrownBy(() -> reports.rotation(id, DAY)).isInstanceOf(KeyConflictException.class);
        KeyReports southern = keys.managedBy(SOUTHERN_ADMIN).reports();
        north.rotate(id, DAY);
        assertThatThrownBy(() -> southern.rotation(id, DAY)).isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    void negativeDurationIsRefused() {
        KeyId id = north.issue(REQUEST).key().id();
        Duration negative = Duration.ofMillis(-1);

        assertThatThrownBy(() -> reports.unusedFor(negative)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> reports.expiringWithin(negative)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> reports.rotation(id, negative))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("quiet must not be negative");
    }

    private boolean isSafe(KeyId id) {
        return reports.rotation(id, DAY).safeToComplete();
    }

    private static List<KeyId> ids(List<ApiKey> found) {
        return found.stream().map(ApiKey::id).toList();
    }
}
