package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.glassfish.jersey.servlet.ServletContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The filter among other filters, and in front of servlets and JAX-RS resources. */
@Tag("containers")
class FilterChainTest {

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");
    private final IssuedKey issued = keys.active("north", "read:people");
    private final String key = "Authorization: Bearer " + issued.secret().reveal();
    private final String otherKey = "Authorization: Bearer "
            + keys.active("north", "write:people").secret().reveal();
    private final ApiKeyFilter filter = filter(keys.apiKeys());
    private final HttpServlet echo = new TestBackend.Echo();

    private TestBackend backend;
    private RawHttpClient client;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void committedResponseIsAbortedIfTheKeyIsRejected() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        Filter committing = (request, response, chain) -> {
            response.getWriter().print("sent before");
            response.flushBuffer();
            try {
                chain.doFilter(request, response);
            } catch (IOException e) {
                messages.add(e.getMessage());
                throw e;
            }
        };
        use(new WebApp().filter(committing, "/*").filter(filter, "/*").servlet(echo, "/api/*"));
        String received = client.sendAndCloseOutput(
                "GET /api/people HTTP/1.1\r\nHost: localhost\r\n" + otherKey + "\r\nConnection: close\r\n\r\n");
        assertThat(received).contains("sent before").doesNotContain("API key", "X-Served");
        assertThat(messages.poll(20, TimeUnit.SECONDS))
                .contains("403", "an earlier filter has already committed the response");
        assertThat(client.get("/api/people", key).body())
                .contains("sent before")
                .contains("key " + issued.key().id());
    }

    @Test
    void bufferedOutputIsDiscardedByRejection() {
        Filter writing = (request, response, chain) -> {
            response.getOutputStream().write("written before ".getBytes(StandardCharsets.US_ASCII));
            ((HttpServletResponse) response).setHeader("X-Before", "kept");
            chain.doFilter(request, response);
        };
        use(new WebApp().filter(writing, "/*").filter(filter, "/*").servlet(echo, "/api/*"));
        Reply reply = client.get("/api/people", otherKey);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.header("X-Before")).isEqualTo("kept");
        assertThat(reply.body()).isEqualTo("{\"error\":\"the API key lacks the scope read:people\"}");
    }

    @Test
    void bufferedWriterOutputIsDiscardedByRejection() {
        Filter writing = (request, response, chain) -> {
            response.getWriter().write("written before ");
            chain.doFilter(request, response);
        };
        use(new WebApp().filter(writing, "/*").filter(filter, "/*").servlet(echo, "/api/*"));
        Reply reply = client.get("/api/people", otherKey);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("WWW-Authenticate")).contains("insufficient_scope");
        // Some containers send the body in chunks.
        assertThat(reply.body())
                .doesNotContain("before")
                .contains("{\"error\":\"the API key lacks the scope read:people\"}");
    }

    @Test
    void managementResponseIsCompleteAfterGetWriter() {
        Filter writing = (request, response, chain) -> {
            response.getWriter();
            chain.doFilter(request, response);
        };
        keys.apiKeys()
                .managedBy(keys.admin("north"))
                .issue(NewKey.named("Zeugnisse für 学校 🎓").allowing("read:people"));
        SessionAuthentication admin = request -> Optional.of(keys.admin("north"));
        use(new WebApp().filter(writing, "/*").servlet(new KeyManagementServlet(keys.apiKeys(), admin), "/keys/*"));
        assertThat(client.get("/keys").body()).contains("Zeugnisse f\\u00fcr \\u5b66\\u6821 \\ud83c\\udf93");
    }

    @Test
    void committedErrorIsKeptIfTheKeyIsRejected() {
        Filter rejecting = (request, response, chain) -> {
            ((HttpServletResponse) response).setStatus(404);
            response.getOutputStream().print("rejected before");
            response.flushBuffer();
            chain.doFilter(request, response);
        };
        use(new WebApp().filter(rejecting, "/*").filter(filter, "/*").servlet(echo, "/api/*"));
        Reply reply = client.get("/api/people", otherKey);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).contains("rejected before").doesNotContain("API key");
    }

    @Test
    void headRejectionHasHeadersAndNoBody() {
        use(new WebApp().filter(filter, "/*").servlet(echo, "/api/*"));
        for (String rejected : List.of(otherKey, "Authorization: Bearer ck_x", key + "\r\n" + key)) {
            Reply get = client.get("/api/people", rejected);
            Reply head = client.send("HEAD", "/api/people", "", rejected);
            assertThat(head.status()).isEqualTo(get.status()).isIn(400, 401, 403);
            assertThat(head.headers()).isEqualTo(get.headers());
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void optionsNeedARouteForKeysOnly() {
        use(new WebApp()
                .filter(filter.allowing("OPTIONS", "/api/people/{id}", "read:people"), "/*")
                .servlet(echo, "/api/*"));
        assertThat(client.send("OPTIONS", "/api/people/1", "", key).wasServed()).isTrue();
        assertThat(client.send("OPTIONS", "/api/people/1", "", otherKey).status())
                .isEqualTo(403);
        assertThat(client.send("OPTIONS", "/api/people", "", key).status()).isEqualTo(403);
        assertThat(client.send("OPTIONS", "/api/people", "", "Origin: https://example.org")
                        .wasServed())
                .isTrue();
        assertThat(client.send("OPTIONS", "*", "", key).wasServed()).isFalse();
    }

    @Test
    void requestWithoutKeyReachesTheHostUnread() {
        List<Object> seen = new ArrayList<>();
        Filter before = (request, response, chain) -> {
            seen.addAll(List.of(request, response));
            chain.doFilter(request, response);
        };
        HttpServlet reading = new HttpServlet() {
            @Override
            public void service(ServletRequest request, ServletResponse response) throws IOException {
                seen.addAll(List.of(request, response));
                response.getOutputStream().write(request.getInputStream().readAllBytes());
            }
        };
        use(new WebApp().filter(before, "/*").filter(filter, "/*").servlet(reading, "/api/*"));
        String form = "access_token=" + issued.secret().reveal();
        Reply reply = client.send(
                "POST", "/api/people", form, "Content-Type: application/x-www-form-urlencoded", "Cookie: " + form);
        assertThat(reply.body()).isEqualTo(form);
        assertThat(seen.get(2)).isSameAs(seen.get(0));
        assertThat(seen.get(3)).isSameAs(seen.get(1));
    }

    @Test
    void disconnectDuringLookupHasNoEffectOnOthers() throws Exception {
        CountDownLatch lookupStarted = new CountDownLatch(1);
        CountDownLatch disconnected = new CountDownLatch(1);
        BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
        KeyVerifier slow = new KeyVerifier() {
            @Override
            public Verification recheck(Verified earlier) {
                return keys.apiKeys().recheck(earlier);
            }

            @Override
            public boolean recognizes(String token) {
                return keys.apiKeys().recognizes(token);
            }

            @Override
            public Verification verify(String token) {
                return keys.apiKeys().verify(token);
            }

            @Override
            public Verification verify(String token, Scope required) {
                lookupStarted.countDown();
                try {
                    disconnected.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return keys.apiKeys().verify(token, required);
            }

            @Override
            public Verification check(String token) {
                return keys.apiKeys().check(token);
            }
        };
        Filter watching = (request, response, chain) -> {
            try {
                chain.doFilter(request, response);
                outcomes.add("responded");
            } catch (IOException e) {
                outcomes.add("disconnected");
            } catch (RuntimeException e) {
                outcomes.add(e.toString());
                throw e;
            }
        };
        use(new WebApp().filter(watching, "/*").filter(filter(slow), "/*").servlet(echo, "/api/*"));
        CapturedLog logged = new CapturedLog();
        client.sendAndReset("GET /api/people HTTP/1.1\r\nHost: localhost\r\n" + otherKey + "\r\n\r\n", lookupStarted);
        disconnected.countDown();
        assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isIn("responded", "disconnected");
        assertThat(client.get("/api/people", key).wasServed()).isTrue();
        assertThat(logged.text()).doesNotContain(otherKey.substring(otherKey.length() - 20));
    }

    @Test
    @Tag("long")
    void rolesOfAnnotationsAreTheScopesOfTheKey() {
        ResourceConfig resources = new ResourceConfig(People.class, RolesAllowedDynamicFeature.class);
        use(new WebApp().filter(filter, "/*").servlet(new ServletContainer(resources), "/api/*"));
        assertThat(client.get("/api/people", key).body()).isEqualTo("people");
        assertThat(client.get("/api/people/roles", key).status()).isEqualTo(403);
        assertThat(client.get("/api/people").status()).isEqualTo(403);
    }

    /** A resource with a role that the key has as a scope, and one with roles that it lacks. */
    @Path("people")
    public static final class People {

        @GET
        @RolesAllowed("read:people")
        public String list() {
            return "people";
        }

        @GET
        @Path("roles")
        @RolesAllowed({"write:people", "Admin"})
        public String roles() {
            return "roles";
        }
    }

    private static ApiKeyFilter filter(KeyVerifier verifier) {
        return ApiKeyFilter.verifying(verifier)
                .allowing("GET", "/api/people", "read:people")
                .allowing("GET", "/api/people/{id}", "read:people")
                .passingThroughOthers();
    }

    private void use(WebApp app) {
        backend = TestBackend.of(app);
        client = new RawHttpClient(backend);
    }
}
