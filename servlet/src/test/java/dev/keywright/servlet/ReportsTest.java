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
import dev.keywright.servlet.RawHttpClient.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long")
class ReportsTest extends ManagementTest {

    @Test
    void unusedKeysAreListedInFull() {
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
    void unusedScopesAreListedWithTheSufficientSet() {
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
    void keysThatExpireSoonAreListedInFull() {
        IssuedKey soon = expiringIn(Duration.ofDays(7));
        expiringIn(Duration.ofDays(8));
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
                        .scopes(catalog())
                        .pepper(Pepper.none())
                        .build();
                ApiKeys after = Keywright.builder()
                        .store(store)
                        .scopes(catalog())
                        .pepper(newer, Pepper.none())
                        .build();
                TestBackend peppered = TestBackend.managing(after)) {
            NewKey newKey = NewKey.named("x").allowing("read:people");
            IssuedKey onOldPepper = before.managedBy(keys.admin("north")).issue(newKey);
            after.managedBy(keys.admin("north")).issue(newKey);
            RawHttpClient pepperedClient = new RawHttpClient(peppered);
            String session = "Authorization: Bearer " + TestBackend.ADMIN;
            assertThat(pepperedClient
                            .get("/api/keys/reports/other-peppers", session)
                            .body())
                    .isEqualTo("["
                            + pepperedClient
                                    .get("/api/keys/" + onOldPepper.key().id(), session)
                                    .body() + "]");
        }
    }

    private static ScopeCatalog catalog() {
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
                "unused?days=|days must be a number that amounts to whole milliseconds",
                "unused?days=SENT|days must be a number that amounts to whole milliseconds",
                "unused?days=1e99|days must be a number that amounts to whole milliseconds",
                "unused?days=NaN|days must be a number that amounts to whole milliseconds",
                "unused?days=-1|days must not be negative",
                "expiring?days=-0.5|days must not be negative",
                "expiring?days=1&days=2|days must be given once",
                "expiring?SENT=1|the query must have no parameters but days",
                "unused-scopes?days=1|the query must have no parameters",
                "other-peppers?limit=1|the query must have no parameters"
            })
    void invalidParameterIsRejectedWithASentence(String below, String sentence) {
        Reply reply = get("/reports/" + below);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
    }

    @ParameterizedTest
    @ValueSource(strings = {"106000000000", "1000000000"})
    void daysMayExceedTheSupportedTimeRange(String days) {
        keys.active("north");
        assertThat(get("/reports/unused?days=" + days).body()).isEqualTo("[]");
        assertThat(get("/reports/expiring?days=" + days).status()).isEqualTo(200);
    }
}
