package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("containers")
class KeyManagementServletTest {

    private static final String CREATE =
            "{\"name\": \"Reporting Script\", \"scopes\": [\"read:people\", \"read:interviews\"]}";
    private static final String NOT_FOUND = "{\"error\":\"there is no such API key\"}";
    private static final long NOW = 1741564800000L;

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
    void createdKeyHasSixMembers() {
        Reply reply = create(CREATE);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        Matcher matcher = Pattern.compile("\\{\"id\":\"([^\"]+)\",\"name\":\"Reporting Script\","
                        + "\"key\":\"(ck_[0-9a-z]{28}([0-9a-z]{4}))\",\"hint\":\"([0-9a-z]{4})\","
                        + "\"scopes\":\\[\"read:people\",\"read:interviews\"],\"created_at\":" + NOW + "}")
                .matcher(reply.body());
        assertThat(matcher.matches()).as(reply.body()).isTrue();
        assertThat(matcher.group(4)).isEqualTo(matcher.group(3));
        assertThat(apiKeys.verify(matcher.group(2))).isInstanceOfSatisfying(Verified.class, verified -> {
            assertThat(verified.key().id().value()).isEqualTo(matcher.group(1));
            assertThat(verified.tenant().value()).isEqualTo("north");
        });
    }

    @Test
    void listHasActiveKeysOldestFirstWithoutTheirText() {
        assertThat(list().body()).isEqualTo("[]");
        IssuedKey first = keys.active("north", "read:people", "read:interviews");
        keys.revoked("north");
        keys.expired("north");
        keys.active("south");
        keys.clock().advance(Duration.ofMillis(1));
        IssuedKey second = keys.active("north", "write:people");
        Reply reply = list();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .isEqualTo("[" + plain(first, "\"read:people\",\"read:interviews\"", NOW) + ","
                        + plain(second, "\"write:people\"", NOW + 1) + "]");
    }

    @Test
    void namesInAnyScriptArePreserved() {
        String name = "Schüler “Ω” \\ \uD83D\uDD11 日本 </script> İı";
        String escaped = name.replace("\\", "\\\\");
        assertThat(create("{\"scopes\":[\"read:people\"],\"name\":\"" + escaped + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(create("{\"scopes\":[\"read:people\"],\"name\":\"\\ud83d\\udd11\"}")
                        .body())
                .contains("\"name\":\"\uD83D\uDD11\"");
        assertThat(active()).extracting(key -> key.name().value()).containsExactly(name, "\uD83D\uDD11");
        assertThat(list().body()).contains("\"name\":\"" + escaped + "\"");
    }

    @Test
    void deleteRevokesImmediatelyAndIsIdempotent() {
        IssuedKey issued = keys.active("north");
        for (int i = 0; i < 2; i++) {
            Reply reply = delete(issued);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("{\"ok\":true}");
        }
        assertThat(apiKeys.verify(issued.secret().reveal())).isNotInstanceOf(Verified.class);
        ApiKey revoked = apiKeys.managedBy(keys.admin("north")).get(issued.key().id());
        assertThat(revoked.revocation()).hasValueSatisfying(revocation -> {
            assertThat(revocation.by().name()).isEqualTo("ada");
            assertThat(revocation.reason()).isEmpty();
        });
    }

    @Test
    void unknownMalformedAndForeignIdsGetTheSameResponse() {
        IssuedKey south = keys.active("south");
        Reply foreign = delete(south);
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(NOT_FOUND);
        for (Object id :
                List.of(south.key().id(), "key_0000000000000000", "%C3%A4", "x".repeat(65), "a.b", "%20", "reports")) {
            for (ManagementRequest request : ManagementRequest.naming(id)) {
                assertThat(send(request)).as(request.toString()).isEqualTo(foreign);
            }
        }
        ApiKey untouched =
                apiKeys.managedBy(keys.admin("south")).get(south.key().id());
        assertThat(untouched).isEqualTo(south.key());
    }

    @Test
    void everyEndpointHasATestRequest() {
        List<ManagementRequest> requests = ManagementRequest.all("key_1");
        assertThat(Endpoint.TABLE)
                .allMatch(endpoint -> requests.stream()
                        .anyMatch(request -> request.method().equals(endpoint.method())
                                && endpoint.path().matches(request.endpointPath())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b", "/a/", "/a.b", "/a%20b", "/'%20or%201=1"})
    void unknownPathIsNotFound(String path) {
        for (String method : List.of("GET", "POST", "DELETE", "PUT")) {
            Reply reply = send(method, "/api/keys" + path, "");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void otherMethodsAreRejectedWithTheAllowedOnes() {
        IssuedKey issued = keys.active("north");
        for (String method : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "get")) {
            Reply reply = send(method, "/api/keys", "");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST");
            assertThat(reply.body()).isEqualTo("{\"error\":\"allowed methods: GET, HEAD, POST\"}");
        }
        assertAllowed("/" + issued.key().id(), "GET, HEAD, PATCH, DELETE", "POST", "PUT", "OPTIONS", "delete", "patch");
        assertAllowed("/" + issued.key().id() + "/rotate", "POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "post");
        assertAllowed("/" + issued.key().id() + "/rotation", "GET, HEAD, DELETE", "POST", "PUT", "PATCH", "OPTIONS");
        assertAllowed("/revoke", "POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS");
        assertAllowed("/revoke-all", "POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE");
        for (String report : List.of("unused", "unused-scopes", "expiring", "other-peppers")) {
            assertAllowed("/reports/" + report, "GET, HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
        }
        assertThat(active()).containsExactly(issued.key());
    }

    private void assertAllowed(String below, String allowed, String... others) {
        for (String method : others) {
            Reply reply = send(method, "/api/keys" + below, "");
            assertThat(reply.status()).as(method + " " + below).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo(allowed);
        }
    }

    @Test
    void everyResponseForbidsCaching() {
        IssuedKey issued = keys.active("north");
        assertThat(List.of(
                        list(),
                        create(CREATE),
                        create("{}"),
                        delete(issued),
                        send("DELETE", "/api/keys/none", ""),
                        send("PUT", "/api/keys", ""),
                        client.get("/api/keys"),
                        as(TestBackend.MENTOR, "GET", "/api/keys", ""),
                        as(issued.secret().reveal(), "GET", "/api/keys", "")))
                .allSatisfy(reply -> {
                    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
                    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
                });
    }

    @Test
    void servletMayBeMappedToAnyPath() {
        use(TestBackend.managingAt("/district/settings/tokens", apiKeys));
        Reply created = as(TestBackend.ADMIN, "POST", "/district/settings/tokens", CREATE);
        assertThat(created.status()).isEqualTo(201);
        String id = active().get(0).id().value();
        assertThat(as(TestBackend.ADMIN, "DELETE", "/district/settings/tokens/" + id, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void createdKeyWorksUntilItIsRevoked() throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/people", "read:people")
                .passingThroughOthers();
        use(TestBackend.managingBehind(filter, apiKeys));
        HttpResponse<String> created = http("POST", "/api/keys", TestBackend.ADMIN, CREATE);
        assertThat(created.statusCode()).isEqualTo(201);
        Matcher key =
                Pattern.compile("\"id\":\"([^\"]+)\".*\"key\":\"([^\"]+)\"").matcher(created.body());
        assertThat(key.find()).isTrue();
        assertThat(http("GET", "/api/people", key.group(2), "").statusCode()).isEqualTo(200);
        assertThat(http("GET", "/api/keys", TestBackend.ADMIN, "").body()).doesNotContain(key.group(2));
        assertThat(http("DELETE", "/api/keys/" + key.group(1), TestBackend.ADMIN, "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(http("GET", "/api/people", key.group(2), "").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> http(String method, String path, String token, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + backend.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String plain(IssuedKey issued, String scopes, long createdAt) {
        ApiKey key = issued.key();
        return "{\"id\":\"" + key.id() + "\",\"name\":\"Key for a test\",\"hint\":\"" + key.hint() + "\",\"scopes\":["
                + scopes + "],\"created_at\":" + createdAt + "}";
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

    private Reply list() {
        return send("GET", "/api/keys", "");
    }

    private Reply create(String body) {
        return send("POST", "/api/keys", body);
    }

    private Reply delete(IssuedKey issued) {
        return send("DELETE", "/api/keys/" + issued.key().id(), "");
    }

    private Reply send(ManagementRequest request) {
        return send(request.method(), request.path(), request.body());
    }

    private Reply send(String method, String path, String body) {
        return as(TestBackend.ADMIN, method, path, body);
    }

    private Reply as(String token, String method, String path, String body) {
        return client.send(method, path, body, "Authorization: Bearer " + token);
    }
}
