package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.ApiKeys;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.Container.Quirk;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.Filter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid input is rejected with a clear message; nothing is written, and no input is repeated in responses and logs. */
@Tag("containers")
class BadInputTest {

    private static final String SESSION = "Authorization: Bearer " + TestBackend.ADMIN;
    private static final String VALID = "{\"name\":\"Good\",\"scopes\":[\"read:people\"]}";
    private static final String EMPTY =
            "the body must not be empty: send one JSON object, with Content-Type: application/json";
    private static final String NOT_JSON = "the body must be valid JSON";
    private static final String NOT_AN_OBJECT = "the body must be a JSON object";
    private static final String NULL = "expires_at must not be null: leave it out instead";
    private static final String UNKNOWN =
            "the body must have no members but name, scopes, expires_at, environment, owner,"
                    + " description and attributes";
    private static final String CONTROL =
            "name must not contain control characters, line breaks or halves of characters";

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");
    private final ApiKeys apiKeys = keys.apiKeys();
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
            .allowing("GET", "/api/people", "read:people")
            .passingThroughOthers();
    private final TestBackend backend = TestBackend.managingBehind(filter, apiKeys);
    private final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("", EMPTY),
                arguments(" \r\n\t ", EMPTY),
                arguments("hello SENT", NOT_JSON),
                arguments("null", NOT_AN_OBJECT),
                arguments("[]", NOT_AN_OBJECT),
                arguments("\"SENT\"", NOT_AN_OBJECT),
                arguments("name=SENT&scopes=read%3Apeople", NOT_JSON),
                arguments("{", NOT_JSON),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"]", NOT_JSON),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"],}", NOT_JSON),
                arguments("{'name':'SENT','scopes':['read:people']}", NOT_JSON),
                arguments("{\"name\":\"SENT\n\",\"scopes\":[\"read:people\"]}", NOT_JSON),
                arguments(VALID + VALID, "the body must have nothing after its JSON object"),
                arguments(VALID + " SENT", NOT_JSON),
                arguments(VALID + "]", NOT_JSON),
                arguments("/* SENT */" + VALID, NOT_JSON),
                arguments(
                        "{\"name\":\"SENT\",\"name\":\"SENT\",\"scopes\":[\"read:people\"]}",
                        "name must be given once"),
                arguments(
                        "{\"name\":\"SENT\",\"n\\u0061me\":\"SENT\",\"scopes\":[\"read:people\"]}",
                        "name must be given once"),
                arguments("7", NOT_AN_OBJECT),
                arguments("[".repeat(8000), NOT_AN_OBJECT),
                arguments("{\"expires_at\":null,\"expires_at\":null}", "expires_at must be given once"),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"],\"expires_at\":null}", NULL),
                arguments("{\"a\":".repeat(3000), UNKNOWN),
                arguments("{\"name\":" + "[".repeat(8000), "name must be a string"),
                arguments("{\"scopes\":" + "[".repeat(8000), "scopes must be an array of strings"),
                arguments("{\"scopes\":[" + "{\"a\":".repeat(3000), "scopes must be an array of strings"),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"],\"tenant\":\"SENT\"}", UNKNOWN),
                arguments("{\"id\":\"SENT\",\"name\":\"SENT\",\"scopes\":[\"read:people\"]}", UNKNOWN),
                arguments("{\"Name\":\"SENT\",\"scopes\":[\"read:people\"]}", UNKNOWN),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"],\"\":1}", UNKNOWN),
                arguments("{\"name\":\"SENT\",\"scopes\":[\"read:people\"],\"SENT\\r\\nX-Sent: 1\":1}", UNKNOWN),
                arguments("{}", "name is required"),
                arguments("{\"scopes\":[\"read:people\"]}", "name is required"),
                arguments("{\"name\":null,\"scopes\":[\"read:people\"]}", "name must be a string"),
                arguments("{\"name\":7,\"scopes\":[\"read:people\"]}", "name must be a string"),
                arguments("{\"name\":true,\"scopes\":[\"read:people\"]}", "name must be a string"),
                arguments("{\"name\":{},\"scopes\":[\"read:people\"]}", "name must be a string"),
                arguments("{\"name\":[\"SENT\"],\"scopes\":[\"read:people\"]}", "name must be a string"),
                arguments(named(""), "name must not be blank"),
                arguments(named("x".repeat(101)), "name must not be longer than 100 characters"),
                arguments(named("SENT\\u0000"), CONTROL),
                arguments(named("SENT\\r\\nX-Sent: 1"), CONTROL),
                arguments(named("SENT\\ud800"), CONTROL),
                arguments("{\"name\":\"SENT\"}", "scopes is required"),
                arguments(scoped("null"), "scopes must be an array of strings"),
                arguments(scoped("\"read:people\""), "scopes must be an array of strings"),
                arguments(scoped("{}"), "scopes must be an array of strings"),
                arguments(scoped("[null]"), "scopes must be an array of strings"),
                arguments(scoped("[1]"), "scopes must be an array of strings"),
                arguments(scoped("[\"read:people\",[]]"), "scopes must be an array of strings"),
                arguments(scoped("[]"), "scopes must have at least one scope"),
                arguments(scoped("[\"read:people\",\"read:people\"]"), "scopes must not have a scope twice"),
                arguments(scoped("[\"read:SENT\"]"), "scopes must be chosen from read:people, write:people"),
                arguments(
                        scoped("[\"read:people write:people\"]"),
                        "scopes must name each scope in 1 to 64 visible ASCII characters, without blanks, quotes and back"
                                + " slashes"));
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("bodies")
    void invalidBodyIsRejectedWithASentence(String body, String sentence) {
        CapturedLog logged = new CapturedLog();
        Reply reply = client.send("POST", "/api/keys", body, SESSION);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"" + sentence + "\"}");
        assertNothingWrittenOrRepeated(reply, logged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1"})
    void bodyInAnotherEncodingIsRejected(String charset) {
        String body = "{\"name\":\"SENTé\",\"scopes\":[\"read:people\"]}";
        CapturedLog logged = new CapturedLog();
        Reply reply = client.send(
                "POST",
                "/api/keys",
                body.getBytes(Charset.forName(charset)),
                SESSION,
                "Content-Type: application/json; charset=" + charset);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).startsWith("{\"error\":\"the body must be ");
        assertNothingWrittenOrRepeated(reply, logged);
    }

    @Test
    void byteOrderMarkIsAcceptedOnceAtTheStart() {
        assertThat(client.send("POST", "/api/keys", "\uFEFF" + VALID, SESSION).status())
                .isEqualTo(201);
        assertThat(active()).hasSize(1);
        for (String body : List.of("\uFEFF\uFEFF" + VALID, VALID + "\uFEFF", "{\uFEFF" + VALID.substring(1))) {
            assertThat(client.send("POST", "/api/keys", body, SESSION).body())
                    .isEqualTo("{\"error\":\"" + NOT_JSON + "\"}");
        }
        assertThat(client.send("POST", "/api/keys", "\uFEFF", SESSION).body())
                .isEqualTo("{\"error\":\"" + EMPTY + "\"}");
        assertThat(active()).hasSize(1);
    }

    @Test
    void malformedUtf8IsRejected() {
        for (String malformed :
                List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00e2\u0082")) {
            byte[] body = VALID.replace("Good", malformed).getBytes(StandardCharsets.ISO_8859_1);
            Reply reply = client.send("POST", "/api/keys", body, SESSION);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).isEqualTo("{\"error\":\"the body must be UTF-8\"}");
        }
        assertThat(active()).isEmpty();
    }

    @Test
    void bodyConsumedByAFormFilterIsReportedAsEmpty() {
        Filter formFilter = (request, response, chain) -> {
            request.getParameterMap();
            chain.doFilter(request, response);
        };
        try (TestBackend consuming = TestBackend.managingBehind(formFilter, apiKeys)) {
            Reply reply = new RawHttpClient(consuming)
                    .send("POST", "/api/keys", VALID, SESSION, "Content-Type: application/x-www-form-urlencoded");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).isEqualTo("{\"error\":\"" + EMPTY + "\"}");
        }
    }

    @Test
    void bodyMayHaveAtMost64KiB() {
        String exact = VALID + " ".repeat(64 * 1024 - VALID.length());
        assertThat(client.send("POST", "/api/keys", exact, SESSION).status()).isEqualTo(201);
        assertTooLarge(client.send("POST", "/api/keys", exact + " ", SESSION));
        assertThat(active()).hasSize(1);
    }

    @Test
    void bodyWithTooLargeContentLengthIsRejectedImmediately() {
        for (String path : List.of("/api/keys", "/api/keys/revoke", "/api/keys/revoke-all")) {
            assertThat(client.sendHeadersOnly("POST", path, SESSION).status()).isEqualTo(400);
        }
    }

    @Test
    void oversizedBodyIsAnswered() {
        String large = named("x".repeat(1_000_000));
        assertTooLarge(client.send("POST", "/api/keys", large, SESSION));
        String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
        assertTooLarge(client.sendChunked("POST", "/api/keys", chunk, SESSION));
        assertThat(active()).isEmpty();
    }

    @Test
    void realClientReceivesResponseToOversizedBody() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String[] expected : new String[][] {
            {TestBackend.ADMIN, "400"},
            {TestBackend.MENTOR, "403"},
            {"unknown-session", "401"},
            {keys.unknown().reveal(), "401"}
        }) {
            for (int i = 0; i < 5; i++) {
                URI uri = URI.create("http://127.0.0.1:" + backend.address().getPort() + "/api/keys");
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofString(named("x".repeat(1_000_000))))
                        .header("Authorization", "Bearer " + expected[0])
                        .build();
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode() + "").isEqualTo(expected[1]);
                assertThat(response.headers().firstValue("Connection")).contains("close");
            }
        }
        assertThat(active()).isEmpty();
    }

    @Test
    void connectionStaysOpenAfterTheBodyWasRead() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + backend.address().getPort() + "/api/keys"))
                .POST(HttpRequest.BodyPublishers.ofString(VALID))
                .header("Authorization", "Bearer " + TestBackend.ADMIN)
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Connection")).isNotEqualTo(Optional.of("close"));
    }

    @Test
    void rejectionsDoNotWaitForBodiesOrExhaustThreads() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Reply rejection =
                        client.sendHeadersOnly(open, "POST", "/api/keys", "Authorization: Bearer unknown-session");
                assertThat(rejection.status()).isEqualTo(401);
            }
            assertThat(client.get("/api/keys", SESSION).status()).isEqualTo(200);
        } finally {
            RawHttpClient.close(open);
        }
    }

    @Test
    void clientThatExpectsContinueIsRejectedWithoutIt() {
        Reply reply = client.sendChunked(
                "POST", "/api/keys", "", "Authorization: Bearer unknown-session", "Expect: 100-continue");
        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void endlessBodyIsCutOff() {
        assertThat(client.bytesAccepted(256_000_000, "POST", "/api/keys", SESSION))
                .isLessThan(128_000_000);
        assertThat(active()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nSENT\r\n", "5\r\nSENTSENTSENT\r\n0\r\n\r\n", "-1\r\nSENT"})
    void malformedChunksAreABadRequest(String chunks) {
        CapturedLog logged = new CapturedLog();
        if (TestBackend.has(Quirk.CLOSES_ON_MALFORMED_CHUNKS)) {
            client.sendAndCloseOutput("POST /api/keys HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                    + SESSION + "\r\n\r\n" + chunks);
            assertThat(active()).isEmpty();
        } else {
            Reply reply = client.sendChunked("POST", "/api/keys", chunks, SESSION);
            assertThat(reply.status()).isEqualTo(400);
            assertNothingWrittenOrRepeated(reply, logged);
        }
        assertThat(logged.text()).doesNotContain("Exception");
    }

    @Test
    void contentTypeIsIgnored() {
        assertThat(client.send("POST", "/api/keys", VALID, SESSION, "Content-Type: text/plain")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void keysAppearInNoResponseAndNoLog() {
        CapturedLog logged = new CapturedLog();
        IssuedKey issued = keys.active("north", "read:people");
        String token = issued.secret().reveal();
        // A part of the key that any cut or extended copy would contain.
        String middle = token.substring(8, 24);
        for (String authorization : List.of(
                "Bearer " + token,
                "Bearer\t" + token,
                "Bearer " + token + " " + token,
                "Bearer " + token + "=",
                "Bearer " + token + "%00",
                "Bearer " + token.substring(0, 34),
                "Bearer " + token + "x",
                "Bearer " + token.substring(0, 34) + "Z",
                "Bearer " + token.substring(0, 34) + "１",
                "Bearer " + token + "\r\nAuthorization: Bearer " + token,
                malformed("Bearer " + token + "\u0001"),
                malformed("Bearer " + token + "\r\nX-Malformed " + token))) {
            for (String path : List.of("/api/people", "/api/other", "/api/keys", "/api/keys/none")) {
                for (String method : List.of("GET", "POST", "DELETE")) {
                    Reply reply = client.send(method, path, "", "Authorization: " + authorization);
                    assertThat(reply.headers() + reply.body()).doesNotContain(middle);
                }
            }
        }
        assertThat(client.send("POST", "/api/keys", named(token + "\\u0000"), SESSION)
                        .body())
                .doesNotContain(middle);
        assertThat(client.send("DELETE", "/api/keys/" + token, "", SESSION).body())
                .doesNotContain(middle);
        apiKeys.managedBy(keys.admin("north")).revoke(issued.key().id(), "");
        assertThat(logged.text()).contains(issued.key().id().value()).doesNotContain(middle);
    }

    private void assertTooLarge(Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"the body must not be larger than 64 KiB\"}");
    }

    private void assertNothingWrittenOrRepeated(Reply reply, CapturedLog logged) {
        assertThat(active()).isEmpty();
        assertThat(reply.headers() + reply.body()).doesNotContainIgnoringCase("SENT");
        assertThat(logged.text()).doesNotContainIgnoringCase("SENT");
    }

    private List<?> active() {
        return apiKeys.managedBy(keys.admin("north")).stream(KeyQuery.active()).toList();
    }

    /** {@return malformed headers, unless the container itself repeats them} */
    private static String malformed(String headers) {
        return TestBackend.has(Quirk.ECHOES_MALFORMED_HEADERS) ? "Bearer" : headers;
    }

    private static String named(String name) {
        return "{\"name\":\"" + name + "\",\"scopes\":[\"read:people\"]}";
    }

    private static String scoped(String scopes) {
        return "{\"name\":\"SENT\",\"scopes\":" + scopes + "}";
    }
}
