package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.util.Throwables.getStackTrace;

import dev.keywright.ApiKeys;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.KeyFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys of several formats, and routes that are closed to keys of other environments. */
@Tag("containers")
class EnvironmentTest {

    private final ApiKeys apiKeys = Keywright.builder()
            .store(new InMemoryKeyStore())
            .scopes(ScopeCatalog.of("read:people", "list and get people").and("write:people", "change people"))
            .pepper(Pepper.none())
            .formats(
                    KeyFormat.DEFAULT,
                    KeyFormat.prefix("acme_live_").environment("live"),
                    KeyFormat.prefix("acme_test_").environment("test"))
            .build();
    private final TenantKeys north = apiKeys.managedBy(
            ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"));
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/payments", "read:people", "live")
            .passingThroughOthers();
    private final TestBackend backend = TestBackend.managingBehind(filter, apiKeys);
    private final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
        apiKeys.close();
    }

    @Test
    void routeAdmitsKeysOfItsEnvironmentOnly() {
        assertThat(use("/api/payments", issue("live")).wasServed()).isTrue();
        Reply test = use("/api/payments", issue("test"));
        assertThat(test.status()).isEqualTo(403);
        assertThat(test.wasServed()).isFalse();
        assertThat(test.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\"");
        assertThat(test.body())
                .isEqualTo("{\"error\":\"this API key is for the environment test; this address needs one for live\"}");
        Reply without = use("/api/payments", issue());
        assertThat(without.status()).isEqualTo(403);
        assertThat(without.body())
                .isEqualTo("{\"error\":\"this API key has no environment; this address needs one for live\"}");
        for (IssuedKey issued : List.of(issue("live"), issue("test"), issue())) {
            assertThat(use("/api/people", issued).wasServed()).isTrue();
        }
    }

    @Test
    void environmentIsCheckedAfterTheKeyAndBeforeTheScope() {
        IssuedKey writer =
                north.issue(NewKey.named("x").allowing("write:people").environment("live"));
        assertThat(use("/api/payments", writer).header("WWW-Authenticate")).contains("scope=\"read:people\"");
        IssuedKey test = north.issue(NewKey.named("x").allowing("write:people").environment("test"));
        assertThat(use("/api/payments", test).body()).contains("this API key is for the environment test");
        north.revoke(test.key().id(), "");
        assertThat(use("/api/payments", test).status()).isEqualTo(401);
    }

    @Test
    void onlyAdmittedRequestsRecordAUse() {
        IssuedKey live = issue("live");
        IssuedKey test = issue("test");
        use("/api/payments", live);
        use("/api/payments", test);
        assertThat(useCount(live)).isEqualTo(1);
        assertThat(useCount(test)).isZero();
    }

    @Test
    void routesWithDifferentEnvironmentsConflict() {
        ApiKeyFilter conflicting = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/{x}/notes", "read:people", "live")
                .allowing("GET", "/api/own/{y}", "read:people", "test");
        // Some containers only log the cause.
        CapturedLog logged = new CapturedLog();
        Throwable thrown = catchThrowable(() -> TestBackend.behind(conflicting).close());
        assertThat(getStackTrace(thrown) + logged.text())
                .contains("match the same paths with different environments: add a route for /api/own/notes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter.allowing("GET", "/api/other", "read:people", " "))
                .withMessage("the environment of the route GET /api/other must not be blank");
    }

    @Test
    void managementCreatesAndRotatesKeysOfEachFormat() {
        String session = "Authorization: Bearer " + TestBackend.ADMIN;
        Reply created = client.send(
                "POST", "/api/keys", "{\"name\":\"x\",\"scopes\":[\"read:people\"],\"environment\":\"test\"}", session);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).contains("\"key\":\"acme_test_", "\"environment\":\"test\"");
        String plain = issue().key().id().value();
        Reply rotated = client.send(
                "POST", "/api/keys/" + plain + "/rotate", "{\"overlap_hours\":0,\"prefix\":\"acme_live_\"}", session);
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.body()).contains("\"key\":\"acme_live_", "\"environment\":\"live\"");
        for (String prefix : List.of("acme_live_", "ck_", "SENT_", "")) {
            Reply reply = client.send(
                    "POST",
                    "/api/keys/" + ManagementTest.member(created, "id") + "/rotate",
                    "{\"overlap_hours\":0,\"prefix\":\"" + prefix + "\"}",
                    session);
            assertThat(reply.status()).as(prefix).isEqualTo(400);
            assertThat(reply.body()).startsWith("{\"error\":\"prefix must ").doesNotContain("SENT");
        }
    }

    @Test
    void misplacedKeysOfAllFormatsAreDetected() {
        for (IssuedKey issued : List.of(issue(), issue("live"), issue("test"))) {
            String text = issued.secret().reveal();
            String basic = Base64.getEncoder().encodeToString((text + ":").getBytes(StandardCharsets.US_ASCII));
            for (Reply reply : List.of(
                    client.get("/api/people", "X-API-Key: " + text),
                    client.get("/api/people", "Authorization: Basic " + basic),
                    client.get("/api/people", "Authorization: " + text),
                    client.get("/api/people?api_key=" + text),
                    client.get("/api/keys", "X-API-Key: " + text))) {
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.body())
                        .isEqualTo("{\"error\":\"an API key must be sent in the header \\\"Authorization: Bearer"
                                + " <key>\\\"\"}");
            }
            assertThat(client.get("/api/keys", "Authorization: Bearer " + text).status())
                    .isEqualTo(403);
        }
    }

    private IssuedKey issue() {
        return north.issue(NewKey.named("Without environment").allowing("read:people"));
    }

    private IssuedKey issue(String environment) {
        return north.issue(
                NewKey.named("Of " + environment).allowing("read:people").environment(environment));
    }

    private long useCount(IssuedKey issued) {
        // Reading a report writes buffered usage.
        north.reports().unusedScopes();
        return north.get(issued.key().id()).usage().map(KeyUsage::count).orElse(0L);
    }

    private Reply use(String path, IssuedKey issued) {
        return client.get(path, "Authorization: Bearer " + issued.secret().reveal());
    }
}
