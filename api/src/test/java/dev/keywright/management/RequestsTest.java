package dev.keywright.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    void queryHasOnlyTheGivenFilters() {
        Instant at = Instant.parse("2025-03-30T01:59:59.999Z");
        KeyQuery all = KeyQuery.all();
        KeyQuery full = KeyQuery.suspended()
                .ownedBy(KeyOwner.service("payroll"))
                .createdBy(UserId.of("ada"))
                .environment("test")
                .scope(Scope.of("read:people"))
                .nameStartsWith("AC")
                .nameContains("ME")
                .hint("o5p6")
                .attribute("plan", "Pro")
                .createdFrom(at)
                .createdBefore(at.plusMillis(1))
                .lastUsedFrom(at.plusMillis(2))
                .lastUsedBefore(at.plusMillis(3))
                .expiresFrom(at.plusMillis(4))
                .expiresBefore(at.plusNanos(4_000_001))
                .orderedBy(KeyQuery.Order.NAME)
                .descending()
                .limit(3);

        assertThat(full.state()).contains(ApiKey.State.ACTIVE);
        assertThat(full.isSuspendedOnly()).isTrue();
        assertThat(full.owner()).contains(KeyOwner.service("payroll"));
        assertThat(full.createdBy()).contains(UserId.of("ada"));
        assertThat(full.environment()).contains("test");
        assertThat(full.scope()).contains(Scope.of("read:people"));
        assertThat(full.nameStartsWith()).contains("ac");
        assertThat(full.nameContains()).contains("me");
        assertThat(full.hint()).contains("o5p6");
        assertThat(full.attribute()).contains(Map.entry("plan", "Pro"));
        assertThat(full.createdFrom()).contains(at);
        assertThat(full.createdBefore()).contains(at.plusMillis(1));
        assertThat(full.lastUsedFrom()).contains(at.plusMillis(2));
        assertThat(full.lastUsedBefore()).contains(at.plusMillis(3));
        assertThat(full.expiresFrom()).contains(at.plusMillis(4));
        assertThat(full.expiresBefore()).contains(at.plusMillis(5));
        assertThat(full.order()).isEqualTo(KeyQuery.Order.NAME);
        assertThat(full.isDescending()).isTrue();
        assertThat(Stream.<Optional<?>>of(
                        all.state(),
                        all.owner(),
                        all.createdBy(),
                        all.environment(),
                        all.scope(),
                        all.nameStartsWith(),
                        all.nameContains(),
                        all.hint(),
                        all.attribute(),
                        all.createdFrom(),
                        all.createdBefore(),
                        all.lastUsedFrom(),
                        all.lastUsedBefore(),
                        all.expiresFrom(),
                        all.expiresBefore()))
                .allMatch(Optional::isEmpty);
        assertThat(all.isSuspendedOnly() || KeyQuery.active().isSuspendedOnly()).isFalse();
        assertThat(all.order()).isEqualTo(KeyQuery.Order.CREATED);
        assertThat(all.isDescending()).isFalse();
    }

    @Test
    void filterOutsideItsLimitsIsRefusedByName() {
        KeyQuery all = KeyQuery.all();
        Instant at = Instant.parse("2025-03-30T01:59:59.999Z");

        assertRefused(() -> all.environment(" "), "environment must not be blank");
        assertRefused(() -> all.nameStartsWith(""), "nameStartsWith must not be blank");
        assertRefused(() -> all.nameContains("x".repeat(101)), "nameContains must not be longer than 100 characters");
        assertRefused(
                () -> all.nameContains("a\nb"),
                "nameContains must not contain control characters, line breaks or halves of characters");
        assertRefused(() -> all.hint("x".repeat(17)), "hint must not be longer than 16 characters");
        assertRefused(
                () -> all.attribute("Plan", "pro"), "attributes must have names of 1 to 40 characters from a-z0-9_.-");
        assertRefused(() -> all.attribute("plan", " "), "attributes: the value of plan must not be blank");
        assertRefused(() -> all.createdFrom(at).createdBefore(at), "createdBefore must be after createdFrom");
        assertRefused(
                () -> all.lastUsedBefore(at).lastUsedFrom(at.plusMillis(1)),
                "lastUsedBefore must be after lastUsedFrom");
        assertRefused(
                () -> all.expiresBefore(at).expiresFrom(at.minusNanos(1)), "expiresBefore must be after expiresFrom");
        assertRefused(() -> all.createdFrom(Instant.MIN), "createdFrom must lie in the years 0 to 9999");
        assertRefused(() -> all.expiresBefore(Instant.MAX), "expiresBefore must lie in the years 0 to 9999");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void namesAreFoldedWithoutCaseInAnyScript() {
        assertThat(folded("ACME \uFF21")).isEqualTo("acme a");
        assertThat(folded("\u039F\u0394\u039F\u03A3")).isEqualTo(folded("\u03BF\u03B4\u03BF\u03C2"));
        assertThat(folded("STRA\u1E9EE")).isEqualTo(folded("stra\u00DFe"));
        assertThat(folded("\u0416")).isEqualTo("\u0436");
        assertThat(folded("e\u0301")).isEqualTo("\u00E9").isNotEqualTo("e");
        assertThat(folded("\uD801\uDC00")).isEqualTo("\uD801\uDC28");
        assertThat(folded("\uD83D\uDE00".repeat(100))).hasSize(200);
        assertThat(folded("\uFDFA".repeat(100)).getBytes(StandardCharsets.UTF_8))
                .hasSizeBetween(390, 400);
    }

    private static String folded(String name) {
        return KeyName.of(name).folded();
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
