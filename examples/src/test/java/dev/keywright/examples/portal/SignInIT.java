package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in of browsers, the permissions of the session cookie, and the headers of the pages. */
class SignInIT {

    private static final String PAGE = "/settings/api-keys";
    private static final String NEW_KEY = Client.createBody("By cookie", "read:people");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder;

    private static PortalProcess portal;

    @BeforeAll
    static void startPortal() throws IOException {
        portal = PortalProcess.listening(folder.resolve("data"));
    }

    @AfterAll
    static void stopPortal() {
        portal.close();
    }

    @Test
    void unauthenticatedBrowserIsRedirectedToSignIn() {
        HttpResponse<String> reply = send("GET", PAGE, "");
        assertThat(reply.statusCode()).isEqualTo(303);
        assertThat(header(reply, "Location")).isEqualTo("../sign-in");
        assertThat(send("GET", "/sign-in", "").body()).contains("<h1>Sign in</h1>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/settings", "/settings/"})
    void rootRedirectsToTheSettingsPage(String path) {
        HttpResponse<String> reply = send("GET", path, "");
        assertThat(reply.statusCode()).isEqualTo(303);
        assertThat(URI.create(path).resolve(header(reply, "Location"))).isEqualTo(URI.create(PAGE));
        assertThat(send("POST", path, "").statusCode()).isEqualTo(405);
    }

    @Test
    void cookieIsRandomHttpOnlyAndSameSite() {
        HttpResponse<String> reply = signIn(token());
        assertThat(reply.statusCode()).isEqualTo(303);
        assertThat(header(reply, "Location")).isEqualTo("settings/api-keys");
        assertThat(header(reply, "Set-Cookie"))
                .matches("portal-session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict")
                .doesNotContain(token());
        assertThat(cookie(reply)).isNotEqualTo(cookie(signIn(token())));
    }

    @Test
    void signingInAgainEndsTheFirstSession() {
        String first = cookie(signIn(token()));
        send("POST", "/sign-in", form(token()), "Sec-Fetch-Site", "same-origin", "Cookie", first);
        assertThat(sendFromPage("GET", "/api/keys", "", first).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcdef", "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"})
    void unknownTokenIsRejected(String token) {
        HttpResponse<String> reply = signIn(token);
        assertThat(reply.statusCode()).isEqualTo(403);
        assertThat(reply.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(reply.body()).contains("role=\"alert\"").doesNotContain("ck_");
    }

    @Test
    void tokenInTheQueryIsRejected() {
        HttpResponse<String> reply =
                send("POST", "/sign-in?token=" + token(), form(token()), "Sec-Fetch-Site", "same-origin");
        assertThat(reply.statusCode()).isEqualTo(403);
    }

    @Test
    void slowSignInsDoNotDelayOtherClients() throws IOException {
        int moreThanThreads = 300;
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < moreThanThreads; i++) {
                slow.add(sendIncomplete("Content-Length: 1000\r\n\r\nt"));
            }
            // The requests arrive asynchronously. When the maximum number of forms is being read, the next one is
            // rejected.
            HttpResponse<String> another = signIn("0123");
            for (int i = 0; i < 10_000 && another.statusCode() == 403; i++) {
                another = signIn("0123");
            }
            assertThat(another.statusCode()).isEqualTo(503);
            assertThat(header(another, "Retry-After")).isEqualTo("1");
            assertThat(another.body()).contains("Try again.");
            assertThat(send("GET", "/openapi.json", "").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1025\r\n\r\nt", "Transfer-Encoding: chunked\r\n\r\n1\r\nt\r\n"})
    void oversizedFormIsRejectedImmediately(String rest) throws IOException {
        try (Socket socket = sendIncomplete(rest)) {
            socket.setSoTimeout(10_000);
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 403".length());
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 403");
        }
    }

    /** Sends an incomplete sign-in request. */
    private static Socket sendIncomplete(String rest) throws IOException {
        Socket socket = new Socket(portal.address().getHost(), portal.address().getPort());
        String request = "POST /sign-in HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n" + rest;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-site", "cross-site", "none", "SAME-ORIGIN"})
    void crossSiteSignInAndSignOutAreRejected(String from) {
        String cookie = cookie(signIn(token()));
        for (String path : new String[] {"/sign-in", "/sign-out"}) {
            HttpResponse<String> reply = send("POST", path, form(token()), "Sec-Fetch-Site", from, "Cookie", cookie);
            assertThat(reply.statusCode()).isEqualTo(403);
            assertThat(reply.headers().firstValue("Set-Cookie")).isEmpty();
        }
        assertThat(sendFromPage("GET", "/api/keys", "", cookie).statusCode()).isEqualTo(200);
    }

    @Test
    void signOutInvalidatesACopiedCookie() {
        String cookie = cookie(signIn(token()));
        HttpResponse<String> reply = sendFromPage("POST", "/sign-out", "", cookie);
        assertThat(reply.statusCode()).isEqualTo(303);
        assertThat(header(reply, "Set-Cookie"))
                .startsWith("portal-session=")
                .doesNotContain(cookie)
                .contains("Expires=Thu, 01 Jan 1970");
        assertThat(sendFromPage("GET", "/api/keys", "", cookie).statusCode()).isEqualTo(401);
        assertThat(send("GET", PAGE, "", "Cookie", cookie).statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/keys", "POST, /api/keys", "POST, /api/keys/revoke-all", "GET, /api/me", "GET, /api/people"})
    void cookieIsAcceptedFromThePortalsPagesOnly(String method, String path) {
        String cookie = cookie(signIn(token()));
        String body = path.endsWith("all") ? "{\"reason\": \"x\"}" : method.equals("POST") ? NEW_KEY : "";
        for (String from : new String[] {"same-site", "cross-site", "none"}) {
            assertThat(send(method, path, body, "Cookie", cookie, "Sec-Fetch-Site", from)
                            .statusCode())
                    .as("from %s", from)
                    .isEqualTo(401);
        }
        assertThat(send(method, path, body, "Cookie", cookie).statusCode()).isEqualTo(401);
        assertThat(sendFromPage(method, path, body, cookie).statusCode()).isIn(200, 201);
    }

    @Test
    void authorizationHeaderTakesPrecedenceOverCookie() {
        String cookie = cookie(signIn(token()));
        Map<String, Object> created = portal.signedIn("Admin", "north").create("With a cookie", "read:people");
        for (String authorization : new String[] {"Bearer 0123", "Basic YTpi", ""}) {
            assertThat(send(
                                    "GET",
                                    "/api/keys",
                                    "",
                                    "Cookie",
                                    cookie,
                                    "Sec-Fetch-Site",
                                    "same-origin",
                                    "Authorization",
                                    authorization)
                            .statusCode())
                    .isEqualTo(401);
        }
        String key = "Bearer " + created.get("key");
        assertThat(send("GET", "/api/keys", "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Authorization", key)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void twoCookiesAreRejected() {
        String cookie = cookie(signIn(token()));
        String two = cookie + "; " + cookie(signIn(token()));
        assertThat(sendFromPage("GET", "/api/keys", "", two).statusCode()).isEqualTo(401);
        assertThat(sendFromPage("GET", "/api/keys", "", cookie).statusCode()).isEqualTo(200);
    }

    @Test
    void keyCannotReadThePage() {
        Client key = portal.signedIn("Admin", "north").usingKey("read:people");
        assertThat(key.get(PAGE).status()).isEqualTo(403);
        assertThat(key.get("/api/me").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "/sign-in, text/html",
        "/settings/api-keys, text/html",
        "/settings/portal.css, text/css",
        "/settings/api-keys.js, text/javascript",
        "/settings/icon.svg, image/svg+xml",
        "/settings/nothing, application/json",
        "/api/keys, application/json"
    })
    void everyFileHasItsContentTypeAndSecurityHeaders(String path, String type) {
        HttpResponse<String> reply = sendFromPage("GET", path, "", cookie(signIn(token())));
        assertThat(header(reply, "Content-Type")).startsWith(type);
        assertSecurityHeaders(reply.headers().map());
    }

    @Test
    void malformedRequestIsAnsweredWithSecurityHeaders() throws IOException {
        Reply reply = new RawSocket(portal.address()).get("/%zz");
        assertThat(reply.status()).isEqualTo(400);
        assertSecurityHeaders(reply.headers());
    }

    private static void assertSecurityHeaders(Map<String, List<String>> headers) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        assertThat(byName)
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("Referrer-Policy", List.of("no-referrer"))
                .containsEntry("Cache-Control", List.of("no-store"))
                .containsEntry("Cross-Origin-Opener-Policy", List.of("same-origin"))
                .containsEntry("Cross-Origin-Resource-Policy", List.of("same-origin"));
        assertThat(byName.get("Content-Security-Policy"))
                .singleElement(as(STRING))
                .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
                .contains("script-src 'self';", "style-src 'self';", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "http", "data:", "*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign-in", "/settings/api-keys"})
    void pageHasNoInlineOrExternalContent(String path) {
        String page = sendFromPage("GET", path, "", cookie(signIn(token()))).body();
        assertThat(page)
                .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]* src=)|javascript:")
                .doesNotContainPattern("(?i)(src|href|action)=\"(/|[^\"#]*:)");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /sign-in",
        "GET, /sign-out",
        "POST, /settings/api-keys",
        "TRACE, /settings/api-keys",
        "POST, /api/me"
    })
    void unsupportedMethodsAreRejected(String method, String path) {
        HttpResponse<String> reply = sendFromPage(method, path, "", cookie(signIn(token())));
        assertThat(reply.statusCode()).isEqualTo(405);
        assertThat(reply.headers().firstValue("Allow")).isPresent();
    }

    private static String token() {
        return portal.sessionToken("Admin", "north");
    }

    private static HttpResponse<String> signIn(String token) {
        return send("POST", "/sign-in", form(token), "Sec-Fetch-Site", "same-origin");
    }

    private static String form(String token) {
        return "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    private static String cookie(HttpResponse<String> reply) {
        return header(reply, "Set-Cookie").split(";", 2)[0];
    }

    private static HttpResponse<String> sendFromPage(String method, String path, String body, String cookie) {
        return send(method, path, body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin");
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers) {
        URI address = portal.address().resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(body));
        request.header("Content-Type", body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    private static String header(HttpResponse<String> reply, String name) {
        assertThat(reply.headers().allValues(name)).as(name).hasSize(1);
        return reply.headers().firstValue(name).orElseThrow();
    }
}
