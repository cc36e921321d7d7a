package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid requests to the packaged portal get a clear response; nothing is written or logged. */
class PortalBadInputIT {

    @TempDir
    static Path folder;

    private static PortalProcess portal;
    private static Client admin;
    private static String key;
    private static String keyPath;
    private List<Map<String, Object>> keysBefore = List.of();
    private List<Map<String, Object>> peopleBefore = List.of();

    @BeforeAll
    static void startPortal() throws Exception {
        portal = PortalProcess.listening(folder.resolve("data"));
        admin = portal.signedIn("Admin", "north");
        Map<String, Object> created = admin.create("Valid", "read:people", "write:people");
        key = (String) created.get("key");
        keyPath = "/api/keys/" + created.get("id");
        admin.create("Another", "read:people");
    }

    @BeforeEach
    void readKeysAndPeople() {
        keysBefore = admin.keys();
        peopleBefore = admin.get("/api/people").objects();
    }

    @AfterEach
    void nothingWasWritten() {
        assertThat(admin.keys()).isEqualTo(keysBefore);
        assertThat(admin.get("/api/people").objects()).isEqualTo(peopleBefore);
    }

    @AfterAll
    static void noErrorWasLogged() throws Exception {
        portal.stop();
        assertThat(portal.out()).hasSize(6);
        assertThat(portal.errorsExceptEvents()).isEmpty();
    }

    /** One case: {@code BadInputTest} of the servlet module has the others. */
    @Test
    void invalidFieldIsNamed() {
        Reply reply = admin.post("/api/keys", "{\"name\": \" \", \"scopes\": [\"read:people\"]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).contains("name");
    }

    static Stream<Arguments> invalidDetails() {
        String tooMany = IntStream.rangeClosed(1, 17)
                .mapToObj(i -> "\"a" + i + "\": \"SENT\"")
                .collect(Collectors.joining(", ", "{", "}"));
        return Stream.of(
                arguments("owner", "\"SENT\"", "owner must be person:<id> or service:<name>"),
                arguments("owner", "\"person:SENT\\u0007\"", "owner must not contain control characters"),
                arguments(
                        "description",
                        "\"" + "SENT ".repeat(201) + "\"",
                        "description must not be longer than 1000 characters"),
                arguments("attributes", tooMany, "attributes must have at most 16 names"),
                arguments(
                        "attributes",
                        "{\"SENT\": \"x\"}",
                        "attributes must have names of 1 to 40 characters from a-z0-9_.-"),
                arguments(
                        "attributes",
                        "{\"plan\": \"SENT\\u0000\"}",
                        "attributes: the value of plan must not contain control characters"),
                arguments(
                        "attributes",
                        "{\"plan\": \"" + "SENT ".repeat(41) + "\"}",
                        "attributes: the value of plan must not be longer than 200 characters"),
                arguments(
                        "attributes",
                        "{\"plan\": \"" + key + "\"}",
                        "attributes must not contain the text of an API key, as the value of plan does"),
                arguments("plan", "\"SENT\"", "the body must have no members but "));
    }

    @ParameterizedTest
    @MethodSource("invalidDetails")
    void invalidDetailIsNamed(String member, String value, String sentence) {
        String added = "\"" + member + "\": " + value + "}";
        assertRejected(
                admin.post("/api/keys", "{\"name\": \"New\", \"scopes\": [\"read:people\"], " + added), sentence);
        assertRejected(admin.patch(keyPath, "{\"version\": 1, " + added), sentence);
    }

    @Test
    void unknownEnvironmentIsNamed() {
        String start = "{\"name\": \"New\", \"scopes\": [\"read:people\"], \"environment\": ";
        assertRejected(admin.post("/api/keys", start + "\"SENT\"}"), "environment must be ");
        assertRejected(
                admin.patch(keyPath, "{\"version\": 1, \"environment\": \"test\"}"),
                "the body must have no members but ");
    }

    @Test
    void longIdempotencyKeyIsRejected() {
        assertRejected(
                admin.withIdempotencyKey("SENT".repeat(64)).post("/api/keys", Client.createBody("New", "read:people")),
                "the header Idempotency-Key must be 1 to 255 visible ASCII characters");
    }

    static Stream<Arguments> invalidQueries() {
        return Stream.of(
                arguments("created_from=2&created_before=1", "created_before must be after created_from"),
                arguments("last_used_from=1&last_used_before=1", "last_used_before must be after last_used_from"),
                arguments("expires_before=1&expires_from=2", "expires_before must be after expires_from"),
                arguments("created_from=253402300800000", "created_from must be a time in Unix milliseconds"),
                arguments("status=active&status=revoked", "status must be given once"),
                arguments("status=SENT", "status must be active, suspended, revoked, expired or all"),
                arguments("owner=SENT", "owner must be person:<id> or service:<name>"),
                arguments("created_by=service:SENT", "created_by must be person:<id>"),
                arguments("attribute=SENT:x", "attribute must be <name>:<value>, which an API key can have"),
                arguments("order=SENT", "order must be created, name, last_used or expires"),
                arguments("q=%20", "q must be 1 to 100 characters"),
                arguments("limit=1001", "limit must be a number from 1 to 1000"),
                arguments("cursor=SENT", "cursor must be one that a page of this list ended with"),
                arguments("SENT=1", "the query must have no parameters but "));
    }

    @ParameterizedTest
    @MethodSource("invalidQueries")
    void invalidQueryIsNamed(String query, String sentence) {
        assertRejected(admin.get("/api/keys?" + query), sentence);
    }

    @Test
    void cursorOfAnotherListIsRejected() {
        String link = admin.get("/api/keys?status=all&limit=1").header("Link");
        String cursor = link.replaceFirst(".*[?&](cursor=[^&>]+).*", "$1");
        assertThat(admin.get("/api/keys?status=all&limit=2&" + cursor).status()).isEqualTo(200);
        for (String query : List.of("status=active", "status=all&order=name", "status=all&owner=person:x")) {
            assertRejected(
                    admin.get("/api/keys?" + query + "&" + cursor),
                    "cursor must be one that a page of this list ended with");
        }
        assertRejected(
                portal.signedIn("Admin", "south").get("/api/keys?status=all&" + cursor),
                "cursor must be one that a page of this list ended with");
    }

    /** A reason is never refused: an invalid one must not keep a key active. */
    @Test
    void longReasonOfASuspensionIsTruncated() {
        Reply suspended = admin.post(keyPath + "/suspend", "{\"reason\": \"" + "r".repeat(201) + "\"}");
        assertThat(suspended.status()).isEqualTo(200);
        assertThat(suspended.get("suspension_reason")).isEqualTo("r".repeat(199) + "…");
        assertThat(admin.post(keyPath + "/resume", "").status()).isEqualTo(200);
        assertRejected(admin.post(keyPath + "/suspend", "{\"reason\": 7}"), "reason must be a string");
        assertRejected(admin.post(keyPath + "/resume", "{\"reason\": \"SENT\"}"), "the body must have no members");
    }

    private static void assertRejected(Reply reply, String sentence) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).startsWith(sentence);
        assertThat(reply.text()).doesNotContain("SENT", key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/keys", "/api/people"})
    void oversizedBodyIsRejected(String path) {
        String large = "{\"name\": \"" + "x".repeat(1024 * 1024) + "\", \"scopes\": [\"read:people\"]}";
        Reply reply = admin.post(path, large);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).contains("body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/keys", "/api/people"})
    void deeplyNestedBodyIsRejected(String path) {
        String deep = "{\"name\": " + "[".repeat(7_000) + "]".repeat(7_000) + "}";
        assertThat(admin.post(path, deep).status()).isEqualTo(400);
        assertThat(admin.post(path, "{\"scopes\":".repeat(1_500)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/keys", "/api/people"})
    void bodyInAnotherEncodingIsRejected(String path) {
        String body = "{\"name\": \"Müller\", \"scopes\": [\"read:people\"], \"role\": \"x\"}";
        assertThat(admin.post(path, body.getBytes(StandardCharsets.ISO_8859_1)).status())
                .isEqualTo(400);
        assertThat(admin.post(path, body.getBytes(StandardCharsets.UTF_16)).status())
                .isEqualTo(400);
    }

    @Test
    void twoAuthorizationHeadersAreRejected() throws IOException {
        String session = portal.sessionToken("Admin", "north");
        for (String other : List.of("Bearer " + session, "Bearer " + key, "Basic YTpi")) {
            Reply reply = raw("/api/people", "Authorization: Bearer " + key, "Authorization: " + other);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.challenge()).contains("error=\"invalid_request\"");
        }
        Reply sessions = raw("/api/people", "Authorization: Bearer " + session, "Authorization: Bearer " + session);
        assertThat(sessions.status()).isEqualTo(400);
        assertThat(sessions.challenge()).contains("error=\"invalid_request\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer    ", "Basic YTpi", "Bearerck_a", "ck_a"})
    void headerWithoutTokenIsChallengedWithoutErrorCode(String header) throws IOException {
        for (String path : List.of("/api/people", "/api/keys")) {
            Reply reply = raw(path, "Authorization: " + header);
            assertThat(reply.status()).as(header).isEqualTo(401);
            assertThat(reply.challenge()).as(header).startsWith("Bearer").doesNotContain("error");
        }
    }

    static Stream<String> almostValidHeaders() {
        String digits = key.replaceAll("[0-9]", "\uFF17");
        return Stream.of(
                "Bearer\t" + key,
                "Bearer " + key + " " + key,
                "Bearer " + key + ", Bearer " + key,
                "Bearer " + key.substring(0, 34),
                "Bearer " + key + "a",
                "Bearer ck_" + key.substring(3).toUpperCase(Locale.ROOT),
                "Bearer " + (digits.equals(key) ? key.substring(0, 34) + "\uFF17" : digits),
                "Bearer " + key + "=",
                "Bearer " + key + "%00",
                "Bearer %63k_" + key.substring(3),
                "Bearer \"" + key + "\"");
    }

    @ParameterizedTest
    @MethodSource("almostValidHeaders")
    void almostValidKeyIsRejected(String header) throws IOException {
        for (String path : List.of("/api/people", "/api/keys")) {
            Reply reply = raw(path, "Authorization: " + header);
            assertThat(reply.status()).as(header).isEqualTo(401);
            assertThat(reply.challenge()).as(header).contains("error=\"invalid_token\"");
        }
    }

    @Test
    void keyOutsideTheAuthorizationHeaderIsIgnored() throws IOException {
        assertThat(raw("/api/people", "Cookie: access_token=" + key).status()).isEqualTo(401);
        assertThat(raw("/api/people?access_token=" + key).status()).isEqualTo(401);
        assertThat(raw("/api/people", "X-Api-Key: " + key).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/people/..%2fkeys",
                "/api/people;x=1",
                "/api;x=1/people",
                "//api/people",
                "/api//people",
                "/api/./people",
                "/api/people/%2e%2e/interviews",
                "/api\\people",
                "/api/people%00",
                "/API/people",
                "/api/people%zz"
            })
    void ambiguousPathIsForbiddenForKeys(String path) throws IOException {
        Reply reply = raw(path, "Authorization: Bearer " + key);
        assertThat(reply.status()).isIn(400, 403);
    }

    @Test
    void idOfAnotherDistrictIsNotFound() {
        Client south = portal.signedIn("Admin", "south");
        Object id = south.create("South's", "read:people").get("id");
        assertThat(admin.delete("/api/keys/" + id).status()).isEqualTo(404);
        assertThat(south.keys()).anyMatch(listed -> listed.get("id").equals(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "%20", "..", "key%0d%0aX-Injected:%20b", "'%20OR%20'1'='1", "%E2%80%AE", "a;b"})
    void malformedIdIsNotFound(String id) throws IOException {
        Reply reply = new RawSocket(portal.address())
                .send("DELETE /api/keys/" + id + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                        + portal.sessionToken("Admin", "north") + "\r\n\r\n");
        assertThat(reply.status()).isIn(400, 404, 405);
        assertThat(reply.headers()).doesNotContainKey("x-injected");
    }

    @Test
    void tokensAreCaseSensitiveOnAReusedConnection() throws IOException {
        String session = portal.sessionToken("Admin", "north");
        RawSocket socket = new RawSocket(portal.address());
        assertThat(socket.statuses(twice("/api/people", key, key.toUpperCase(Locale.ROOT))))
                .containsExactly(200, 401);
        assertThat(socket.statuses(twice("/api/people", key.toUpperCase(Locale.ROOT), key)))
                .containsExactly(401, 200);
        assertThat(socket.statuses(twice("/api/keys", session, session.toUpperCase(Locale.ROOT))))
                .containsExactly(200, 401);
    }

    private static String twice(String path, String first, String second) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ";
        return request + first + "\r\n\r\n" + request + second + "\r\nConnection: close\r\n\r\n";
    }

    @Test
    void malformedRequestIsAnsweredInJson() throws IOException {
        RawSocket socket = new RawSocket(portal.address());
        assertThat(socket.send("GARBAGE\r\n\r\n").status()).isEqualTo(400);
        assertThat(socket.send("GET / HTTP/9.9\r\nHost: a\r\n\r\n").status()).isEqualTo(505);
        assertThat(raw("/" + "x".repeat(20_000)).status()).isEqualTo(414);
        assertThat(raw("/", "X-Large: " + "x".repeat(20_000)).status()).isEqualTo(431);
    }

    @Test
    void slowBodiesDoNotDelayOtherClients() throws IOException {
        int moreThanThreads = 250;
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < moreThanThreads; i++) {
                Socket socket =
                        new Socket(portal.address().getHost(), portal.address().getPort());
                slow.add(socket);
                String incomplete = "POST /api/people HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Length: 1000\r\n\r\n{";
                socket.getOutputStream().write(incomplete.getBytes(StandardCharsets.US_ASCII));
            }

            // The requests arrive asynchronously. When the maximum number of bodies is being read, the next one is
            // rejected.
            Reply another = portal.client().withToken(key).post("/api/people", "{}");
            for (int i = 0; i < 10_000 && another.status() == 400; i++) {
                another = portal.client().withToken(key).post("/api/people", "{}");
            }
            assertThat(another.status()).isEqualTo(503);
            assertThat(another.header("Retry-After")).isEqualTo("1");
            assertThat(admin.get("/api/people").status()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void clientThatExpectsContinueIsRejectedWithoutIt() throws IOException {
        String close = "Connection: close\r\n\r\n";
        Reply reply = new RawSocket(portal.address())
                .send("POST /api/people HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\nExpect: 100-continue\r\n" + close);
        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void incompleteUnauthenticatedRequestIsRejectedImmediately() throws IOException {
        try (Socket socket =
                new Socket(portal.address().getHost(), portal.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            "POST /api/people HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer unknown\r\nContent-Length: 5000\r\n\r\n{"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void keyInTheHostHeaderIsNotLogged() throws IOException {
        RawSocket socket = new RawSocket(portal.address());
        String close = "Connection: close\r\n\r\n";
        assertThat(socket.send("GET / HTTP/1.1\r\nHost: " + key + "/x\r\n" + close)
                        .status())
                .isEqualTo(400);
        assertThat(socket.send("GET / HTTP/1.1\r\nHost: a\r\nHost: " + key + "\r\n" + close)
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/people", "/api/keys", "/api/people/1"})
    void traceDoesNotReturnTheToken(String path) throws IOException {
        String session = portal.sessionToken("Admin", "north");
        Reply reply = new RawSocket(portal.address())
                .send("TRACE " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + session
                        + "\r\n\r\n");
        assertThat(reply.status()).isIn(404, 405);
        assertThat(reply.text()).doesNotContain(session);
    }

    @Test
    void unreadBodyDoesNotDelayTheResponse() {
        byte[] large = new byte[1024 * 1024];
        for (String path : List.of("/api/keys", "/api/people", "/nowhere")) {
            Reply reply = portal.client().send("POST", path, BodyPublishers.ofByteArray(large));
            assertThat(reply.status()).isIn(401, 404);
            assertThat(reply.header("Connection")).isEqualTo("close");
        }
    }

    private static Reply raw(String path, String... headers) throws IOException {
        return new RawSocket(portal.address()).get(path, headers);
    }
}
