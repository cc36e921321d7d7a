package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows with text that the rules for new keys reject, because another release or JDK has written it. */
class StoredValuesTest {

    private final DataSource source = H2.installed(H2.inMemory());
    private final ApiKeys keys = Keywright.builder()
            .store(JdbcKeyStore.on(source))
            .scopes(ScopeCatalog.of("read:people", "list and get people").and("write:people", "change people"))
            .pepper(Pepper.none())
            .build();
    private final TenantKeys north = keys.managedBy(
            ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"));

    private IssuedKey stored(String values) throws SQLException {
        for (String column : List.of(
                "name",
                "hint",
                "scopes",
                "created_by_name",
                "revoked_by_name",
                "revoked_reason",
                "attributes",
                "suspended_reason")) {
            H2.run(source, "ALTER TABLE keywright_key ALTER COLUMN " + column + " SET DATA TYPE VARCHAR(60000)");
        }
        // A fixed length would pad the value.
        H2.run(source, "ALTER TABLE keywright_key ALTER COLUMN issue_request SET DATA TYPE VARBINARY(32)");
        IssuedKey issued = north.issue(NewKey.named("Payroll").allowing("read:people"));
        H2.run(source, "UPDATE keywright_key SET " + values);
        return issued;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = U&'\\+01FAE9'",
                "name = REPEAT('x', 300)",
                "name = CONCAT('two', CHAR(10), 'lines')",
                "name = U&'\\202E\\200B'",
                "hint = REPEAT('x', 40)",
                "hint = ' '",
                "created_by_name = REPEAT('x', 300)",
                "created_by_name = ' '",
                "scopes = 'read:people quo\"te lésen'"
            })
    void keyIsListedVerifiedAndRevoked(String values) throws Exception {
        IssuedKey issued = stored(values);
        String token = issued.secret().reveal();

        assertThat(north.stream(KeyQuery.active()).toList())
                .extracting(ApiKey::id)
                .containsExactly(issued.key().id());
        assertThat(north.list(KeyQuery.all()).items()).hasSize(1);
        assertThat(keys.verify(token, Scope.of("read:people"))).isInstanceOf(Verified.class);
        assertThat(north.change(issued.key().id(), KeyChange.ifVersion(1).rescope("read:people", "write:people"))
                        .version())
                .isEqualTo(2);
        assertThat(north.revoke(issued.key().id(), "left").revocation()).isPresent();
        assertThat(keys.verify(token)).isNotInstanceOf(Verified.class);
        assertThat(north.revoke(issued.key().id(), "again")
                        .revocation()
                        .orElseThrow()
                        .reason())
                .isEqualTo("left");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"REPEAT('x', 5000) | 'grace'", "CONCAT('a', CHAR(10)) | REPEAT('x', 300)", "U&'\\+01FAE9' | ' '"})
    void revokedKeyIsListedAndStaysRevoked(String reason, String by) throws Exception {
        IssuedKey issued = stored("revoked_at = 1, inactive_at = 1, revoked_by_kind = 'PERSON', revoked_by_name = " + by
                + ", revoked_reason = " + reason);

        assertThat(north.list(KeyQuery.revoked()).items()).hasSize(1);
        assertThat(north.revoke(issued.key().id(), "again")
                        .revocation()
                        .orElseThrow()
                        .reason())
                .isNotEqualTo("again");
        assertThat(keys.verify(issued.secret().reveal())).isNotInstanceOf(Verified.class);
    }

    @Test
    void keyWithMoreScopesThanAllowedIsManaged() throws Exception {
        StringBuilder scopes = new StringBuilder("read:people");
        for (int i = 0; i < 150; i++) {
            scopes.append(" scope").append(i);
        }
        IssuedKey issued = stored("scopes = '" + scopes + "'");

        keys.verify(issued.secret().reveal(), Scope.of("read:people"));
        assertThat(north.reports().unusedScopes()).hasSize(1);
        assertThat(north.stream(KeyQuery.active()).toList().get(0).scopes()).hasSize(151);
        assertThat(north.revokeAll("")).isEqualTo(1);
    }

    @Test
    void usageForUnacceptableScopesIsKept() throws Exception {
        IssuedKey issued = stored("name = U&'\\+01FAE9'");
        H2.run(source, "UPDATE keywright_usage SET use_count = 3, last_used_at = 5, used_scopes = 'quo\"te lésen'");

        assertThat(north.get(issued.key().id()).usage().orElseThrow().scopes()).hasSize(2);
    }

    @Test
    void tenantWithUnacceptableIdIsFoundByDigest() throws Exception {
        String token = stored("tenant = X'0a'").secret().reveal();

        assertThat(keys.verify(token)).isInstanceOf(Verified.class);
        assertThat(keys.revokeByPossession(dev.keywright.Secret.of(token), "")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scopes = ''",
                "revoked_by_name = 'grace'",
                "environment = ''",
                "owner_name = X'61'",
                "owner_kind = 'TEAM', owner_name = X'61'",
                "attributes = 'plan'",
                "issue_request = X'61'",
                "suspended_at = 1",
                "suspended_at = 1, suspended_by_kind = 'TEAM', suspended_by_name = 'grace'",
                "suspended_reason = 'leaked'"
            })
    void damagedKeyFailsCallsThatReadItWithItsId(String damage) throws Exception {
        IssuedKey damaged = stored(damage);
        IssuedKey sound = north.issue(NewKey.named("Roster").allowing("read:people"));
        KeyId id = damaged.key().id();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> keys.verify(damaged.secret().reveal()), () -> north.get(id), () -> north.list(KeyQuery.all()))) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(call)
                    .withMessage(
                            "the stored API key %s is damaged and cannot be read: repair or delete its row in the table"
                                    + " of keys (keywright_key by default)",
                            id);
        }

        assertThat(keys.verify(sound.secret().reveal())).isInstanceOf(Verified.class);
        assertThat(north.list(KeyQuery.all().nameStartsWith("Ros")).items())
                .extracting(ApiKey::id)
                .containsExactly(sound.key().id());
        H2.run(source, "DELETE FROM keywright_key WHERE id = CAST('" + id + "' AS VARBINARY)");
        assertThat(north.list(KeyQuery.all()).items()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "environment = 'Übung'",
                "owner_kind = 'PERSON', owner_name = X'0a'",
                "description = CONCAT('a', CHAR(10))",
                "attributes = 'Größe=' || REPEAT('x', 300)",
                "attributes = 'plan='",
                "suspended_at = 1, suspended_by_kind = 'PERSON', suspended_by_name = ' ', suspended_reason = REPEAT('x', 900)"
            })
    void keyWithUnacceptableValuesIsListedAndRevoked(String values) throws Exception {
        IssuedKey issued = stored(values);
        keys.verify(issued.secret().reveal());

        assertThat(north.list(KeyQuery.all()).items()).hasSize(1);
        assertThat(north.revoke(issued.key().id(), "left").revocation()).isPresent();
        assertThat(keys.verify(issued.secret().reveal())).isNotInstanceOf(Verified.class);
    }

    @Test
    void rotationKeepsAnUnacceptableName() throws Exception {
        IssuedKey issued = stored("name = CONCAT('two', CHAR(10), 'lines')");

        Rotation rotation = north.rotate(issued.key().id(), Duration.ofHours(1));

        assertThat(rotation.successor().key().name().value()).isEqualTo("two\nlines");
        assertThatThrownBy(() -> north.change(
                        rotation.successor().key().id(), KeyChange.ifVersion(1).rename("two\nlines")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
