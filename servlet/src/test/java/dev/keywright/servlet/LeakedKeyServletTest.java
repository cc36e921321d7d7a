package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.KeyId;
import dev.keywright.KeywrightException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("containers")
class LeakedKeyServletTest {

    private static final String PATH = "/api/leaked-keys";
    private static final String NOT_JSON = "the body must be valid JSON";
    private static final String UNKNOWN = "the body must have no members but key and reason";

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");
    private final ApiKeys apiKeys = keys.apiKeys();

    private TestBackend backend = TestBackend.withLeakedKeyServlet(apiKeys);
    private RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void reporterRevokesAKeyWithoutASession() {
        IssuedKey leaked = keys.active("north");
        IssuedKey other = keys.active("north");
        Reply reply = report(leaked.secret().reveal(), "in a public repository");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"ok\":true}");
        assertThat(works(leaked)).isFalse();
        assertThat(works(other)).isTrue();
        Revocation revocation = apiKeys.managedBy(keys.admin("north"))
                .get(leaked.key().id())
                .revocation()
                .orElseThrow();
        assertThat(revocation.by().toString()).isEqualTo("holder");
        assertThat(revocation.reason()).isEqualTo("in a public repository");
    }

    @Test
    void reasonIsOptional() {
        IssuedKey leaked = keys.active("north");
        assertThat(post("{\"key\":\"" + leaked.secret().reveal() + "\"}").status())
                .isEqualTo(200);
        assertThat(works(leaked)).isFalse();
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {" KEY\\n", "\uFEFFKEY", "\\\"KEY\\\"", "A=KEY\\r\\nB=OTHER"})
    void everyKeyInTheTextIsRevoked(String template) {
        IssuedKey leaked = keys.active("north");
        IssuedKey other = keys.active("south");
        String text = template.replace("KEY", leaked.secret().reveal())
                .replace("OTHER", other.secret().reveal());
        assertThat(report(text, "found").status()).isEqualTo(200);
        assertThat(works(leaked)).isFalse();
        assertThat(works(other)).isEqualTo(!template.contains("OTHER"));
    }

    @Test
    void textWithoutAKeyIsRejected() {
        Reply reply = report("ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p", "found");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body())
                .isEqualTo("{\"error\":\"key must contain the full text of an API key, from its prefix to its last"
                        + " character\"}");
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {" ", "two\\nlines", "found KEY", "LONG"})
    void unfitReasonDoesNotPreventRevocation(String reason) {
        IssuedKey leaked = keys.active("north");
        String text = leaked.secret().reveal();
        assertThat(report(text, reason.replace("KEY", text).replace("LONG", "x".repeat(10_000)))
                        .status())
                .isEqualTo(200);
        assertThat(works(leaked)).isFalse();
    }

    @Test
    void responseDoesNotRevealWhetherTheKeyExists() {
        String active = keys.active("north").secret().reveal();
        Reply reply = report(active, "found");
        assertThat(reply.status()).isEqualTo(200);
        for (String other : List.of(
                active,
                keys.unknown().reveal(),
                keys.revoked("north").secret().reveal(),
                keys.expired("south").secret().reveal(),
                active.substring(0, 34) + (active.endsWith("0") ? "1" : "0"))) {
            assertThat(report(other, "found")).isEqualTo(reply);
        }
    }

    static Stream<Arguments> invalidBodies() {
        return Stream.of(
                arguments("", "the body must not be empty: send one JSON object, with Content-Type: application/json"),
                arguments("KEY", NOT_JSON),
                arguments("\"KEY\"", "the body must be a JSON object"),
                arguments("[\"KEY\"]", "the body must be a JSON object"),
                arguments("key=KEY", NOT_JSON),
                arguments("{\"key\":\"KEY\",\"key\":\"KEY\"}", "key must be given once"),
                arguments("{\"key\":\"KEY\"} x", NOT_JSON),
                arguments("{}", "key is required"),
                arguments("{\"reason\":\"KEY\"}", "key is required"),
                arguments("{\"key\":[\"KEY\"]}", "key must be a string"),
                arguments("{\"key\":null}", "key must be a string"),
                arguments("{\"key\":\"KEY\",\"id\":\"x\"}", UNKNOWN),
                arguments("{\"key\":\"KEY\",\"reason\":null}", "reason must not be null: leave it out instead"),
                arguments("{\"key\":\"KEY\",\"reason\":7}", "reason must be a string"),
                arguments(
                        "{\"key\":\"KEY\",\"reason\":\"" + "x".repeat(17_000) + "\"}",
                        "the body must not be larger than 16 KiB"));
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("invalidBodies")
    void invalidBodyGetsTheSameResponseForAnyKey(String body, String sentence) {
        CapturedLog logged = new CapturedLog();
        IssuedKey issued = keys.active("north");
        String token = issued.secret().reveal();
        Reply reply = post(body.replace("KEY", token));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"" + sentence + "\"}");
        assertThat(post(body.replace("KEY", keys.unknown().reveal()))).isEqualTo(reply);
        assertThat(works(issued)).isTrue();
        assertThat(logged.text()).doesNotContain(token.substring(8, 24));
    }

    @Test
    void keyInTheQueryIsRejected() {
        String token = keys.active("north").secret().reveal();
        Reply reply = client.send("POST", PATH + "?key=" + token, "{\"key\":\"" + token + "\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"the query must have no parameters\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post"})
    void otherMethodsAreNotAllowed(String method) {
        Reply reply = client.send(method, PATH, "");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("POST");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void credentialsAreIgnored() {
        for (String authorization : List.of(
                "Bearer " + TestBackend.ADMIN,
                "Bearer unknown-session",
                "Bearer " + keys.active("south").secret().reveal(),
                "Bearer " + keys.unknown().reveal())) {
            IssuedKey leaked = keys.active("north");
            Reply reply =
                    client.send("POST", PATH, body(leaked.secret().reveal(), "x"), "Authorization: " + authorization);
            assertThat(reply).isEqualTo(report(keys.unknown().reveal(), "x"));
            assertThat(works(leaked)).isFalse();
        }
        assertThat(backend.authenticated()).isEmpty();
    }

    static Stream<KeywrightException> failures() {
        return Stream.of(
                new StoreUnavailableException("the pool is empty", null),
                new OutcomeUnknownException(KeyId.of("key01"), null),
                new BarrierInterruptedException());
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("failures")
    void storeFailureDoesNotRevealTheKey(KeywrightException failure) {
        ApiKeys failing = mock();
        when(failing.revokeByPossession(any(), any())).thenThrow(failure);
        restart(TestBackend.withLeakedKeyServlet(failing));
        CapturedLog logged = new CapturedLog();
        Reply reply = report("ck_x", "x");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body()).isEqualTo("{\"error\":\"API keys are not available at the moment; try again\"}");
        assertThat(logged.text()).contains(failure.getMessage());
    }

    @Test
    void slowClientsHoldNeitherThreadsNorPermits() throws Exception {
        IssuedKey leaked = keys.active("north");
        List<Socket> open = new ArrayList<>();
        try {
            // More than the threads of a container that is configured to have few.
            for (int i = 0; i < 12; i++) {
                var response = client.sendPartially(open, "POST", PATH, "{");
                assertThat(response).isNotDone();
            }
            assertThat(report(leaked.secret().reveal(), "x").status()).isEqualTo(200);
            assertThat(works(leaked)).isFalse();
            assertThat(client.get("/api/keys", "Authorization: Bearer " + TestBackend.ADMIN)
                            .status())
                    .isEqualTo(200);
        } finally {
            RawHttpClient.close(open);
        }
    }

    @Test
    @Tag("long")
    void reportsAboveTheLimitAreRejectedImmediately() throws Exception {
        CountDownLatch started = new CountDownLatch(4);
        CountDownLatch release = new CountDownLatch(1);
        ApiKeys blocking = mock();
        when(blocking.revokeByPossession(any(), any())).thenAnswer(call -> {
            started.countDown();
            release.await();
            return true;
        });
        restart(TestBackend.withLeakedKeyServlet(blocking));
        List<CompletableFuture<Reply>> four = Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> report("ck_x", "x"), task -> new Thread(task).start()))
                .limit(4)
                .toList();
        started.await();

        Reply busy = report("ck_x", "x");
        assertThat(busy.status()).isEqualTo(503);
        assertThat(busy.header("Retry-After")).isEqualTo("1");
        assertThat(busy.body()).isEqualTo("{\"error\":\"too many reports are being processed; try again\"}");

        release.countDown();
        for (CompletableFuture<Reply> report : four) {
            assertThat(report.get().status()).isEqualTo(200);
        }
        assertThat(report("ck_x", "x").status()).isEqualTo(200);
    }

    @Test
    void servletWorksWithoutAsyncSupport() {
        restart(TestBackend.of(new WebApp().servletWithoutAsync(new LeakedKeyServlet(apiKeys), PATH)));
        IssuedKey leaked = keys.active("north");
        assertThat(report(leaked.secret().reveal(), "x").status()).isEqualTo(200);
        assertThat(works(leaked)).isFalse();
    }

    @Test
    void arrivedBodyIsServedWithoutAsyncSupport() throws Exception {
        assumeFalse(TestBackend.has(Container.Quirk.UNDERREPORTS_ARRIVED_BYTES));
        restart(TestBackend.of(new WebApp().servletWithoutAsync(new LeakedKeyServlet(apiKeys), PATH)));
        IssuedKey leaked = keys.active("north");
        List<Socket> open = new ArrayList<>();
        try {
            // The servlet waits for four of the bodies, and rejects one request.
            CompletableFuture<?>[] five = new CompletableFuture<?>[5];
            Arrays.setAll(five, i -> client.sendPartially(open, "POST", PATH, "{"));
            assertThat(((Reply) CompletableFuture.anyOf(five).get()).status()).isEqualTo(503);
            assertThat(report(leaked.secret().reveal(), "x").status()).isEqualTo(200);
            assertThat(works(leaked)).isFalse();
        } finally {
            RawHttpClient.close(open);
        }
    }

    @Test
    void wrapperOfAnEarlierFilterIsKept() {
        restart(TestBackend.of(new WebApp()
                .filter(
                        (request, response, chain) ->
                                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                                    @Override
                                    public void setStatus(int status) {
                                        setHeader("X-Status", "" + status);
                                        super.setStatus(status);
                                    }
                                }),
                        "/*")
                .servlet(new LeakedKeyServlet(apiKeys), PATH)));
        assertThat(report(keys.unknown().reveal(), "x").header("X-Status")).isEqualTo("200");
    }

    @Test
    void chunkedBodyIsReadUpToItsLimit() {
        IssuedKey leaked = keys.active("north");
        String body = body(leaked.secret().reveal(), "x");
        String large = " ".repeat(16 * 1024);
        assertThat(client.sendChunked("POST", PATH, chunk(large) + chunk(body) + chunk(""))
                        .body())
                .isEqualTo("{\"error\":\"the body must not be larger than 16 KiB\"}");
        assertThat(works(leaked)).isTrue();
        assertThat(client.sendChunked("POST", PATH, chunk(" ") + chunk(body) + chunk(""))
                        .status())
                .isEqualTo(200);
        assertThat(works(leaked)).isFalse();
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private void restart(TestBackend next) {
        backend.close();
        backend = next;
        client = new RawHttpClient(backend);
    }

    private boolean works(IssuedKey issued) {
        return apiKeys.verify(issued.secret().reveal()) instanceof Verified;
    }

    private Reply report(String key, String reason) {
        return post(body(key, reason));
    }

    private static String body(String key, String reason) {
        return "{\"key\":\"" + key + "\",\"reason\":\"" + reason + "\"}";
    }

    private Reply post(String body) {
        return client.send("POST", PATH, body);
    }
}
