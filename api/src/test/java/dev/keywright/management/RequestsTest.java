package dev.keywright.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Requests are immutable: each method returns a new request with one part changed. */
class RequestsTest {

    @Test
    void changeHasOnlyTheGivenParts() {
        KeyChange nothing = KeyChange.ifVersion(3);
        KeyChange renamed = nothing.rename("Payroll");
        KeyChange both = renamed.rescope("read:people");

        assertThat(nothing.version()).isEqualTo(3);
        assertThat(nothing.name()).isEmpty();
        assertThat(nothing.scopes()).isEmpty();
        assertThat(renamed.name()).contains(KeyName.of("Payroll"));
        assertThat(renamed.scopes()).isEmpty();
        assertThat(both.version()).isEqualTo(3);
        assertThat(both.name()).contains(KeyName.of("Payroll"));
        assertThat(both.scopes()).contains(Scopes.of("read:people"));
        assertThat(both.rename("Again").scopes()).contains(Scopes.of("read:people"));
        assertThatThrownBy(() -> nothing.rename(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(nothing::rescope).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void queryKeepsEarlierParts() {
        PageCursor cursor = PageCursor.of("abc-_09");
        KeyQuery query = KeyQuery.revoked().limit(7).from(cursor);

        assertThat(query.state()).contains(ApiKey.State.REVOKED);
        assertThat(query.limit()).isEqualTo(7);
        assertThat(query.cursor()).contains(cursor);
        assertThat(query.limit(8).cursor()).contains(cursor);
        assertThat(KeyQuery.all().state()).isEmpty();
        assertThat(KeyQuery.all().limit()).isEqualTo(KeyQuery.DEFAULT_LIMIT);
        assertThat(KeyQuery.active().state()).contains(ApiKey.State.ACTIVE);
        assertThat(KeyQuery.expired().state()).contains(ApiKey.State.EXPIRED);
    }

    @Test
    void importedKeyKeepsUncheckedParts_andPrintsNone() {
        Instant created = Instant.parse("2019-09-01T08:00:00Z");
        ImportedKey row = ImportedKey.digested(" digest ")
                .expiringAt(created.plusSeconds(1))
                .hint("h")
                .allowing("s", "s")
                .named("n")
                .of("t")
                .prefixed("p");

        assertThat(row.digest()).isEqualTo(" digest ");
        assertThat(row.prefix()).isEqualTo("p");
        assertThat(row.tenant()).isEqualTo("t");
        assertThat(row.name()).isEqualTo("n");
        assertThat(row.scopes()).containsExactly("s", "s");
        assertThat(row.hint()).isEqualTo("h");
        assertThat(row.expiresAt()).contains(created.plusSeconds(1));
        assertThat(row).hasToString("ImportedKey[hidden]");
    }

    @Test
    void invalidRequestHasFieldRuleAndMessage() {
        InvalidRequestException invalid =
                new InvalidRequestException(InvalidRequestException.Field.NAME, "must not be blank");

        assertThat(invalid.field()).isEqualTo(InvalidRequestException.Field.NAME);
        assertThat(invalid.rule()).isEqualTo("must not be blank");
        assertThat(invalid).hasMessage("name must not be blank");
    }
}
