package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.servlet.Wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest extends ManagementTest {

    @Test
    void keysThatWereNotUsedAreListedInFull() {
        IssuedKey unused = keys.active("north");
        IssuedKey used = keys.active("north");
        keys.revoked("north");
        keys.active("south");
        keys.clock().advance(Duration.ofDays(30));
        keys.active("north");
        apiKeys.verify(used.secret().reveal());
        Reply reply = get("/reports/unused?days=30");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("[" + get("/" + unused.key().id()).body() + "]");
        assertThat(get("/reports/unused?days=30.5").body()).isEqualTo("[]");
        assertThat(ids(get("/reports/unused?days=0"))).hasSize(3);
    }

    @Test
    void scopesThatWereNeverUsedAreListedWithTheSmallerSet() {
        IssuedKey issued = keys.active("north", "write:people", "read:people", "read:interviews");
        apiKeys.verify(issued.secret().reveal(), Scope.of("read:people"));
        apiKeys.verify(keys.active("north", "read:people").secret().reveal(), Scope.of("read:people"));
        IssuedKey never = keys.active("north", "read:people");
        assertThat(get("/reports/unused-scopes").body())
                .isEqualTo("[{\"key\":" + get("/" + issued.key().id()).body()
                        + ",\"unused\":[\"write:people\",\"read:interviews\"],\"enough\":[\"read:people\"]},"
                        + "{\"key\":" + get("/" + never.key().id()).body() + ",\"unused\":[\"read:people\"]}]");
    }

    @Test
    void keysThatEndSoonAreListedInFull() {
        IssuedKey soon = endingAfter(Duration.ofDays(7));
        endingAfter(Duration.ofDays(8));
        keys.active("north");
        assertThat(get("/reports/expiring?days=7").body())
                .isEqualTo("[" + get("/" + soon.key().id()).body() + "]");
        assertThat(get("/reports/expiring?days=6.9").body()).isEqualTo("[]");
    }

    @Test
    void keysOnOtherPeppersAreListedInFull() {
        InMemoryKeyStore store = new InMemoryKeyStore();
        Pepper newer = Pepper.of("a newer pepper, of thirty-two bytes or more".getBytes(StandardCharsets.US_ASCII));
        try (ApiKeys before = Keywright.builder()
                        .store(store)
                        .scopes(offered())
                        .pepper(Pepper.none())
                        .build();
                ApiKeys after = Keywright.builder()
                        .store(store)
                        .scopes(offered())
                        .pepper(newer, Pepper.none())
                        .build();
                TestBackend peppered = TestBackend.managing(after)) {
            NewKey wanted = NewKey.named("x").allowing("read:people");
            IssuedKey left = before.managedBy(keys.admin("north")).issue(wanted);
            after.managedBy(keys.admin("north")).issue(wanted);
            Wire there = new Wire(peppered);
            String session = "Authorization: Bearer " + TestBackend.ADMIN;
            assertThat(there.get("/api/keys/reports/other-peppers", session).body())
                    .isEqualTo("["
                            + there.get("/api/keys/" + left.key().id(), session).body() + "]");
        }
    }

    private static ScopeCatalog offered() {
        return ScopeCatalog.of("read:people", "list and get people");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/reports/unused", "/reports/expiring"})
    void daysAreRequired(String below) {
        Reply reply = get(below);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error("days is required"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unused?days=|days must be a number, to the millisecond",
                "unused?days=SENT|days must be a number, to the millisecond",
                "unused?days=1e99|days must be a number, to the millisecond",
                "unused?days=NaN|days must be a number, to the millisecond",
                "unused?days=-1|days must not be negative",
                "expiring?days=-0.5|days must not be negative",
                "expiring?days=1&days=2|days must be given once",
                "expiring?SENT=1|the query must have no parameters but days",
                "unused-scopes?days=1|the query must have no parameters",
                "other-peppers?limit=1|the query must have no parameters"
            })
    void parameterThatIsWrongIsRefusedWithASentence(String below, String sentence) {
        Reply reply = get("/reports/" + below);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
    }

    @ParameterizedTest
    @ValueSource(strings = {"106000000000", "1000000000"})
    void daysMayBeMoreThanThereEverWere(String days) {
        keys.active("north");
        assertThat(get("/reports/unused?days=" + days).body()).isEqualTo("[]");
        assertThat(get("/reports/expiring?days=" + days).status()).isEqualTo(200);
    }
}
