package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.IssuedKey;
import dev.keywright.NewKey;
import dev.keywright.Verified;
import dev.keywright.servlet.Wire.Reply;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyManagementServletTest {

    private static final String WANTED =
            "{\"name\": \"Reporting Script\", \"scopes\": [\"read:people\", \"read:interviews\"]}";
    private static final String NOT_THERE = "{\"error\":\"there is no such API key\"}";
    private static final long NOW = 1741564800000L;

    private final TestKeys keys = TestKeys.offering("read:interviews", "read:people", "write:people");
    private final ApiKeys apiKeys = keys.apiKeys();

    private TestBackend backend;
    private Wire wire;

    @BeforeEach
    void start() {
        use(TestBackend.managing(apiKeys));
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void createdKeyIsShownOnceWithItsSixMembers() {
        Reply reply = create(WANTED);
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
    void listHasTheActiveKeysOfTheDistrictOldestFirstAndNeverTheKeyItself() {
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
                .isEqualTo("[" + row(first, "\"read:people\",\"read:interviews\"", NOW) + ","
                        + row(second, "\"write:people\"", NOW + 1) + "]");
    }

    @Test
    void endIsAMemberOnlyWhereThereIsOne() {
        NewKey ending = NewKey.named("Ends").allowing("read:people").endingAfter(Duration.ofMillis(5));
        apiKeys.managedBy(keys.admin("north")).issue(ending);
        assertThat(list().body()).endsWith(",\"created_at\":" + NOW + ",\"expires_at\":" + (NOW + 5) + "}]");
    }

    @Test
    void namesInAnyScriptComeBackAsTheyWere() {
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
    void deletedKeyIsRevokedAtOnceAndDeletingItAgainIsFine() {
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
    void unknownMalformedAndOtherDistrictsIdsAreToldApartByNobody() {
        IssuedKey south = keys.active("south");
        Reply theirs = delete(south);
        assertThat(theirs.status()).isEqualTo(404);
        assertThat(theirs.body()).isEqualTo(NOT_THERE);
        assertThat(send("DELETE", "/api/keys/key_0000000000000000", "")).isEqualTo(theirs);
        assertThat(send("DELETE", "/api/keys/%C3%A4", "")).isEqualTo(theirs);
        assertThat(send("DELETE", "/api/keys/" + "x".repeat(65), "")).isEqualTo(theirs);
        assertThat(apiKeys.verify(south.secret().reveal())).isInstanceOf(Verified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b", "/a/", "/a.b", "/a%20b", "/'%20or%201=1"})
    void nothingElseIsBelow(String path) {
        for (String method : List.of("GET", "POST", "DELETE", "PUT")) {
            Reply reply = send(method, "/api/keys" + path, "");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).isEqualTo(NOT_THERE);
        }
    }

    @Test
    void otherMethodsAreRefusedWithThoseThatAreAllowed() {
        IssuedKey issued = keys.active("north");
        for (String method : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "get")) {
            Reply reply = send(method, "/api/keys", "");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST");
            assertThat(reply.body()).isEqualTo("{\"error\":\"allowed here: GET, HEAD, POST\"}");
        }
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "delete")) {
            Reply reply = send(method, "/api/keys/" + issued.key().id(), "");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("DELETE");
        }
        assertThat(active()).hasSize(1);
    }

    @Test
    void headIsAListWithoutItsBody() {
        keys.active("north");
        Reply head = send("HEAD", "/api/keys", "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("" + list().body().length());
    }

    @Test
    void everyAnswerForbidsCachesToKeepIt() {
        IssuedKey issued = keys.active("north");
        assertThat(List.of(
                        list(),
                        create(WANTED),
                        create("{}"),
                        delete(issued),
                        send("DELETE", "/api/keys/none", ""),
                        send("PUT", "/api/keys", ""),
                        wire.get("/api/keys"),
                        as(TestBackend.MENTOR, "GET", "/api/keys", ""),
                        as(issued.secret().reveal(), "GET", "/api/keys", "")))
                .allSatisfy(reply -> {
                    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
                    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
                });
    }

    @Test
    void withoutASessionNothingCanBeDone() {
        IssuedKey issued = keys.active("north");
        for (String[] headers : new String[][] {{}, {"Authorization: Bearer"}, {"Cookie: " + TestBackend.ADMIN}}) {
            assertNotSignedIn(wire.get("/api/keys", headers), "Bearer realm=\"api\"");
            assertNotSignedIn(wire.send("POST", "/api/keys", WANTED, headers), "Bearer realm=\"api\"");
            assertNotSignedIn(
                    wire.send("DELETE", "/api/keys/" + issued.key().id(), "", headers), "Bearer realm=\"api\"");
            assertNotSignedIn(wire.send("DELETE", "/api/keys/none", "", headers), "Bearer realm=\"api\"");
            assertNotSignedIn(wire.send("PUT", "/api/keys", "", headers), "Bearer realm=\"api\"");
        }
        assertThat(active()).containsExactly(issued.key());
    }

    @Test
    void tokenThatIsNoSessionIsCalledInvalid() {
        assertNotSignedIn(as("nobody", "GET", "/api/keys", ""), "Bearer realm=\"api\", error=\"invalid_token\"");
        assertNotSignedIn(as("nobody", "POST", "/api/keys", WANTED), "Bearer realm=\"api\", error=\"invalid_token\"");
    }

    @Test
    void settingsPermissionIsEnoughAndNeitherIsNot() {
        IssuedKey issued = keys.active("north");
        assertThat(as(TestBackend.OFFICE, "POST", "/api/keys", WANTED).status()).isEqualTo(201);
        assertThat(as(TestBackend.OFFICE, "GET", "/api/keys", "").body()).contains("Reporting Script");
        for (Reply reply : List.of(
                as(TestBackend.MENTOR, "GET", "/api/keys", ""),
                as(TestBackend.MENTOR, "POST", "/api/keys", WANTED),
                as(TestBackend.MENTOR, "POST", "/api/keys", "not JSON"),
                as(TestBackend.MENTOR, "DELETE", "/api/keys/" + issued.key().id(), ""),
                as(TestBackend.MENTOR, "DELETE", "/api/keys/none", ""))) {
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).startsWith("{\"error\":\"you may not manage API keys");
        }
        assertThat(active()).hasSize(2);
    }

    @Test
    void eachDistrictSeesItsOwnKeysOnly() {
        keys.active("north");
        IssuedKey south = keys.active("south");
        assertThat(as(TestBackend.SOUTH, "GET", "/api/keys", "").body())
                .contains(south.key().id().value())
                .doesNotContain(active().get(0).id().value());
    }

    @Test
    void noKeyManagesKeysWhateverItsScopesAndWhateverStandsBefore() {
        IssuedKey all = keys.active("north");
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/keys", "read:people")
                .allowing("POST", "/api/keys", "read:people")
                .allowing("DELETE", "/api/keys/{id}", "read:people")
                .passingOthersOn();
        assertKeysCannotManage(all);
        use(TestBackend.managingBehind(filter, apiKeys));
        assertKeysCannotManage(all);
    }

    private void assertKeysCannotManage(IssuedKey all) {
        String token = all.secret().reveal();
        for (Reply reply : List.of(
                as(token, "GET", "/api/keys", ""),
                as(token, "POST", "/api/keys", WANTED),
                as(token, "DELETE", "/api/keys/" + all.key().id(), ""),
                as(token, "DELETE", "/api/keys/none", ""))) {
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).isEqualTo("{\"error\":\"API keys cannot manage API keys\"}");
        }
        assertThat(active()).containsExactly(all.key());
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void keyThatIsNotValidIsRefusedAsAnywhere() {
        Reply unknown = as(keys.unknown().reveal(), "GET", "/api/keys", "");
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(unknown.body()).isEqualTo("{\"error\":\"the API key is not valid\"}");
        for (String token : List.of(
                keys.revoked("north").secret().reveal(),
                keys.expired("north").secret().reveal(),
                "ck_",
                "\t" + keys.active("north").secret().reveal())) {
            assertThat(as(token, "GET", "/api/keys", "")).isEqualTo(unknown);
        }
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void keyBesideASessionIsRefused() {
        String key = "Authorization: Bearer " + keys.active("north").secret().reveal();
        String session = "Authorization: Bearer " + TestBackend.ADMIN;
        assertThat(wire.get("/api/keys", session, key).status()).isEqualTo(400);
        assertThat(wire.send("POST", "/api/keys", WANTED, key, session).status())
                .isEqualTo(400);
        assertThat(active()).hasSize(1);
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void severalAuthorizationHeadersAreRefusedAndTheHostIsNotAsked() {
        Reply reply = wire.get("/api/keys", "Authorization: Bearer " + TestBackend.ADMIN, "Authorization: Basic eDp5");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_request\"");
        assertThat(backend.authenticated()).isEmpty();
    }

    @Test
    void anyPathWillDo() {
        use(TestBackend.managingAt("/district/settings/tokens", apiKeys));
        Reply created = as(TestBackend.ADMIN, "POST", "/district/settings/tokens", WANTED);
        assertThat(created.status()).isEqualTo(201);
        String id = active().get(0).id().value();
        assertThat(as(TestBackend.ADMIN, "DELETE", "/district/settings/tokens/" + id, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void managementAndUseWorkTogetherThroughARealClient() throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/people", "read:people")
                .passingOthersOn();
        use(TestBackend.managingBehind(filter, apiKeys));
        HttpResponse<String> created = http("POST", "/api/keys", TestBackend.ADMIN, WANTED);
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

    private static void assertNotSignedIn(Reply reply, String challenge) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(reply.body()).isEqualTo("{\"error\":\"sign in to manage API keys\"}");
    }

    private static String row(IssuedKey issued, String scopes, long createdAt) {
        ApiKey key = issued.key();
        return "{\"id\":\"" + key.id() + "\",\"name\":\"Key for a test\",\"hint\":\"" + key.hint() + "\",\"scopes\":["
                + scopes + "],\"created_at\":" + createdAt + "}";
    }

    private void use(TestBackend next) {
        if (backend != null) {
            backend.close();
        }
        backend = next;
        wire = new Wire(backend);
    }

    private List<ApiKey> active() {
        return apiKeys.managedBy(keys.admin("north")).list();
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

    private Reply send(String method, String path, String body) {
        return as(TestBackend.ADMIN, method, path, body);
    }

    private Reply as(String token, String method, String path, String body) {
        return wire.send(method, path, body, "Authorization: Bearer " + token);
    }
}
