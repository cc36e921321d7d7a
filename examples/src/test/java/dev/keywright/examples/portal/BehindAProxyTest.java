package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy serves the portal below a path prefix, which it strips: all references of the portal still resolve. */
class BehindAProxyTest {

    private static final String PREFIX = "/district/portal";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#]+)\"");
    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

    private final SecureRandom random = new SecureRandom();
    private final SettableClock clock = SettableClock.at(Instant.parse("2025-03-10T00:00:00Z"));
    private final BrowserSessions browsers = new BrowserSessions(random, clock);
    private final DemoSessions sessions = new DemoSessions(random, browsers);

    private Server portal;
    private HttpServer proxy;
    private URI root;

    @BeforeEach
    void start() throws Exception {
        portal = WebServer.on(
                0,
                Keywright.builder()
                        .store(new InMemoryKeyStore())
                        .scopes(ScopeCatalog.of("read:people", "list and get people")
                                .and("write:people", "create and update people")
                                .and("read:interviews", "list and get interviews")
                                .and("write:interviews", "create and update interviews"))
                        .pepper(Pepper.of("a pepper that is used in tests only".getBytes(StandardCharsets.US_ASCII)))
                        .clock(clock)
                        .maintenanceScheduler(task -> {})
                        .build(),
                sessions,
                browsers);
        portal.start();
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", this::forward);
        proxy.start();
        root = URI.create("http://127.0.0.1:" + proxy.getAddress().getPort() + PREFIX + "/");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.stop(0);
        portal.stop();
    }

    private void forward(HttpExchange exchange) throws IOException {
        String uri = exchange.getRequestURI().toString();
        if (!uri.startsWith(PREFIX + "/")) {
            // The host serves other applications outside the prefix.
            exchange.sendResponseHeaders(418, -1);
            exchange.close();
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(portal.getURI().resolve(uri.substring(PREFIX.length())))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Cookie", "Content-Type", "Sec-Fetch-Site")) {
            exchange.getRequestHeaders().getOrDefault(name, List.of()).forEach(value -> request.header(name, value));
        }
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            for (String name : List.of("Content-Type", "Location", "Link", "Set-Cookie")) {
                response.headers()
                        .allValues(name)
                        .forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
            byte[] content = response.body();
            exchange.sendResponseHeaders(response.statusCode(), content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "settings", "settings/"})
    void redirectsLeadToTheSignIn(String path) {
        URI page = redirect(root.resolve(path));
        assertThat(page).isEqualTo(root.resolve("settings/api-keys"));
        URI signIn = redirect(page);
        assertThat(signIn).isEqualTo(root.resolve("sign-in"));
        assertThat(send("GET", signIn, "").statusCode()).isEqualTo(200);
    }

    @Test
    void pagesFindTheirFilesAndForms() {
        URI signIn = root.resolve("sign-in");
        filesOf(signIn);
        HttpResponse<String> signedIn = send(
                "POST",
                action(signIn),
                "token=" + token(),
                "Sec-Fetch-Site",
                "same-origin",
                "Content-Type",
                "application/x-www-form-urlencoded");
        String cookie =
                signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        URI page = signIn.resolve(signedIn.headers().firstValue("Location").orElseThrow());
        assertThat(page).isEqualTo(root.resolve("settings/api-keys"));
        filesOf(page, "Cookie", cookie);
        HttpResponse<String> signedOut =
                send("POST", action(page, "Cookie", cookie), "", "Sec-Fetch-Site", "same-origin", "Cookie", cookie);
        assertThat(signedOut.statusCode()).isEqualTo(303);
        assertThat(root.resolve("sign-out")
                        .resolve(signedOut.headers().firstValue("Location").orElseThrow()))
                .isEqualTo(signIn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.js", "dialogs.js", "acts.js", "api-keys.js"})
    void scriptsHaveNoAbsolutePaths(String name) {
        HttpResponse<String> script = send("GET", root.resolve("settings/" + name), "");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.body()).doesNotContainPattern("[\"'`]/[a-z]");
    }

    @Test
    void nextPageIsRelativeToTheRequest() {
        URI list = root.resolve("api/keys");
        for (int i = 0; i < 2; i++) {
            assertThat(asAdmin("POST", list, Client.createBody("One of two", "read:people"))
                            .statusCode())
                    .isEqualTo(201);
        }
        String link = asAdmin("GET", URI.create(list + "?limit=1"), "")
                .headers()
                .firstValue("Link")
                .orElseThrow();
        assertThat(link).startsWith("<?");
        HttpResponse<String> next = asAdmin("GET", URI.create(list + link.substring(1, link.indexOf('>'))), "");
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(next.headers().firstValue("Link")).isEmpty();
        assertThat(next.body()).contains("One of two");
    }

    @Test
    void openApiServerIsRelativeToTheDocument() {
        URI document = root.resolve("openapi.json");
        Map<?, ?> openApi = (Map<?, ?>) Json.object(send("GET", document, "").body());
        Map<?, ?> server = (Map<?, ?>) ((List<?>) openApi.get("servers")).get(0);
        URI api = document.resolve((String) server.get("url"));
        assertThat(api).isEqualTo(root);
        String path = "/api/keys";
        assertThat(((Map<?, ?>) openApi.get("paths")).containsKey(path)).isTrue();
        assertThat(asAdmin("GET", URI.create(api + path.substring(1)), "").statusCode())
                .isEqualTo(200);
    }

    private void filesOf(URI page, String... headers) {
        List<String> references = REFERENCE
                .matcher(send("GET", page, "", headers).body())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(references).hasSizeGreaterThanOrEqualTo(2);
        for (String reference : references) {
            URI file = page.resolve(REFERENCE.matcher(reference).replaceFirst("$1"));
            assertThat(send("GET", file, "").statusCode()).as(reference).isEqualTo(200);
        }
    }

    private URI action(URI page, String... headers) {
        return page.resolve(ACTION.matcher(send("GET", page, "", headers).body())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));
    }

    private URI redirect(URI from) {
        HttpResponse<String> response = send("GET", from, "");
        assertThat(response.statusCode()).isEqualTo(303);
        return from.resolve(response.headers().firstValue("Location").orElseThrow());
    }

    private HttpResponse<String> asAdmin(String method, URI uri, String body) {
        return send(method, uri, body, "Authorization", "Bearer " + token());
    }

    private String token() {
        return sessions.tokenLines()
                .lines()
                .filter(line -> line.startsWith("session token for Admin in district north: "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> send(String method, URI uri, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + uri, e);
        }
    }
}
