package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** At each endpoint, only sessions with the permission may manage keys, and no API key may. */
@Tag("containers")
class ManagementAccessTest {

    private static final String CREATE = "{\"name\": \"Reporting Script\", \"scopes\": [\"read:people\"]}";

    private final TestKeys keys = TestKeys.withScopes("read:interviews", "read:people", "write:people");
    private final ApiKeys apiKeys = keys.apiKeys();

    private TestBackend backend;
    private RawHttpClient client;

    @BeforeEach
    void start() {
        use(TestBackend.managing(apiKeys));
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void requestWithoutASessionIsRejected() {
        IssuedKey issued = keys.active("north");
        for (String[] headers : new String[][] {{}, {"Authorization: Bearer"}, {"Cookie: " + TestBackend.ADMIN}}) {
            for (ManagementRequest request : ManagementRequest.all(issued.key().id())) {
                assertNotSignedIn(
                        client.send(request.method(), request.path(), request.body(), headers), "Bearer realm=\"api\"");
            }
            assertNotSignedIn(client.send("DELETE", "/api/keys/none", "", headers), "Bearer realm=\"api\"");
            assertNotSignedIn(client.get("/api/keys/a/b/c", headers), "Bearer realm=\"api\"");
            assertNotSignedIn(client.send("PUT", "/api/keys", "", headers), "Bearer realm=\"api\"");
        }
        assertThat(active()).containsExactly(issued.key());
    }

    @Test
    void unknownSessionTokenIsInvalid() {
        assertNotSignedIn(
                as("unknown-session", "GET", "/api/keys", ""), "Bearer realm=\"api\", error=\"invalid_token\"");
        assertNotSignedIn(
                as("unknown-session", "POST", "/api/keys", CREATE), "Bearer realm=\"api\", error=\"invalid_token\"");
    }

    @Test
    void managementTakesTheAdminRoleOrSettingsPermission() {
        IssuedKey issued = keys.active("north");
        assertThat(as(TestBackend.OFFICE, "POST", "/api/keys", CREATE).status()).isEqualTo(201);
        assertThat(as(TestBackend.OFFICE, "GET", "/api/keys", "").body()).contains("Reporting Script");
        List<ManagementRequest> requests =
                new ArrayList<>(ManagementRequest.all(issued.key().id()));
        requests.addAll(ManagementRequest.naming("none"));
        requests.add(new ManagementRequest("POST", "/api/keys", "not JSON"));
        requests.add(new ManagementRequest("PUT", "/api/keys/a/b?x=y", ""));
        for (ManagementRequest request : requests) {
            Reply reply = as(TestBackend.MENTOR, request.method(), request.path(), request.body());
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).startsWith("{\"error\":\"you may not manage API keys");
        }
        assertThat(active()).hasSize(2).contains(issued.key());
    }

    @Test
    void unauthorizedSessionIsRejectedBeforeTheBody() {
        IssuedKey issued = keys.active("north");
        Map<String, Integer> rejections = Map.of(
                "unknown-session", 401, TestBackend.MENTOR, 403, issued.secret().reveal(), 403);
        for (ManagementRequest request : ManagementRequest.all(issued.key().id())) {
            rejections.forEach((token, status) -> assertThat(
                            client.sendHeadersOnly(request.method(), request.path(), "Authorization: Bearer " + token)
                                    .status())
                    .isEqualTo(status));
        }
        assertThat(active()).containsExactly(issued.key());
    }

    @Test
    void districtSeesOnlyItsOwnKeys() {
        keys.active("north");
        IssuedKey south = keys.active("south");
        assertThat(as(TestBackend.SOUTH, "GET", "/api/keys", "").body())
                .contains(south.key().id().value())
                .doesNotContain(active().get(0).id().value());
    }

    @Test
    void noKeyManagesKeysWithOrWithoutFilter() {
        IssuedKey issued = keys.active("north");
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/keys", "read:people")
                .allowing("POST", "/api/keys", "read:people")
                .allowing("GET", "/api/keys/{id}", "read:people")
                .allowing("PATCH", "/api/keys/{id}", "read:people")
                .allowing("DELETE", "/api/keys/{id}", "read:people")
                .allowing("POST", "/api/keys/{word}", "read:people")
                .allowing("GET", "/api/keys/reports/{word}", "read:people")
                .allowing("GET", "/api/keys/{id}/rotation", "read:people")
                .allowing("DELETE", "/api/keys/{id}/rotation", "read:people")
                .allowing("POST", "/api/keys/{id}/rotate", "read:people")
                .allowing("POST", "/api/keys/{id}/suspend", "read:people")
                .allowing("POST", "/api/keys/{id}/resume", "read:people")
                .passingThroughOthers();
        assertKeyCannotManage(issued);
        use(TestBackend.managingBehind(filter, apiKeys));
        assertKeyCannotManage(issued);
    }

    private void assertKeyCannotManage(IssuedKey issued) {
        String token = issued.secret().reveal();
        List<ManagementRequest> requests =
                new ArrayList<>(ManagementRequest.all(issued.key().id()));
        requests.addAll(ManagementRequest.naming("none"));
        for (ManagementRequest request : requests) {
            Reply reply = as(token, request.method(), request.path(), request.body());
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).isEqualTo("{\"error\":\"API keys cannot manage API keys\"}");
        }
        assertThat(active()).containsExactly(issued.key());
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void invalidKeyIsUnauthorized() {
        Reply unknown = as(keys.unknown().reveal(), "GET", "/api/keys", "");
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(unknown.body()).isEqualTo("{\"error\":\"the API key is not valid\"}");
        for (String token : List.of(
                keys.revoked("north").secret().reveal(),
                keys.expired("north").secret().reveal(),
                "ck_",
                "\u200b" + keys.active("north").secret().reveal())) {
            for (ManagementRequest request : ManagementRequest.all("key_1")) {
                assertThat(as(token, request.method(), request.path(), request.body()))
                        .isEqualTo(unknown);
            }
        }
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void keyBesideASessionIsRejected() {
        String key = "Authorization: Bearer " + keys.active("north").secret().reveal();
        String session = "Authorization: Bearer " + TestBackend.ADMIN;
        assertThat(client.get("/api/keys", session, key).status()).isEqualTo(400);
        assertThat(client.send("POST", "/api/keys", CREATE, key, session).status())
                .isEqualTo(400);
        assertThat(active()).hasSize(1);
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void severalAuthorizationHeadersAreRejectedBeforeTheHost() {
        Reply reply =
                client.get("/api/keys", "Authorization: Bearer " + TestBackend.ADMIN, "Authorization: Basic eDp5");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_request\"");
        assertThat(backend.authenticated()).isEmpty();
    }

    private static void assertNotSignedIn(Reply reply, String challenge) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(reply.body()).isEqualTo("{\"error\":\"sign in to manage API keys\"}");
    }

    private void use(TestBackend next) {
        if (backend != null) {
            backend.close();
        }
        backend = next;
        client = new RawHttpClient(backend);
    }

    private List<ApiKey> active() {
        return apiKeys.managedBy(keys.admin("north")).stream(KeyQuery.active()).toList();
    }

    private Reply as(String token, String method, String path, String body) {
        return client.send(method, path, body, "Authorization: Bearer " + token);
    }
}
