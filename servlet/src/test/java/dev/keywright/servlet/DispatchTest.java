package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.management.IssuedKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forwards, includes, error pages and asynchronous dispatches keep the principal of their request, and no other. */
@Tag("containers")
class DispatchTest {

    private static final EnumSet<DispatcherType> REQUESTS = EnumSet.of(DispatcherType.REQUEST);
    private static final EnumSet<DispatcherType> ALL = EnumSet.allOf(DispatcherType.class);

    private final TestKeys keys = TestKeys.withScopes("read:people", "read:notes");
    private final IssuedKey issued = keys.active("north", "read:people");
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/people/{id}", "read:people")
            .allowing("GET", "/api/notes", "read:notes")
            .passingThroughOthers();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this", "later"})
    void dispatchedRequestKeepsItsPrincipal(String action) {
        start(REQUESTS);
        assertThat(send(action, "/api/people/1").body()).isEqualTo(echoed());
        backend.close();
        start(ALL);
        assertThat(send(action, "/api/people/1").body()).isEqualTo(echoed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this", "later"})
    void dispatchedRequestWithoutAKeyHasNoPrincipal(String action) {
        start(ALL);
        send(action, "/api/people/1");
        assertThat(new RawHttpClient(backend)
                        .get("/api/people?" + action + "=/api/people/1")
                        .body())
                .isEqualTo("no key, principal null, header null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "dispatch", "dispatch-of-this"})
    void dispatchIsCheckedByItsOwnPath(String action) {
        start(ALL);
        Reply lacking = send(action, "/api/notes");
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.header("WWW-Authenticate")).contains("insufficient_scope", "scope=\"read:notes\"");
        assertThat(lacking.wasServed()).isFalse();
        Reply withoutRoute = send(action, "/inner");
        assertThat(withoutRoute.status()).isEqualTo(403);
        assertThat(withoutRoute.body()).isEqualTo("{\"error\":\"API keys cannot be used here\"}");
        assertThat(withoutRoute.wasServed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/notes", "/inner"})
    void forbiddenIncludeIsOmitted(String target) {
        start(ALL);
        CapturedLog logged = new CapturedLog();
        Reply page = send("include", target);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEmpty();
        assertThat(logged.text()).contains("Include of " + target + " omitted: the API key may not use it.");
        backend.close();
        start(REQUESTS);
        assertThat(send("include", target).body())
                .startsWith("key " + issued.key().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this"})
    void dispatchesAreNotCheckedIfMappedToRequestsOnly(String action) {
        start(REQUESTS);
        assertThat(send(action, "/inner").body())
                .startsWith("key " + issued.key().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"404", "409", "500", "503"})
    void errorPageKeepsTheStatusOfTheHost(String status) {
        for (EnumSet<DispatcherType> dispatches : List.of(REQUESTS, ALL)) {
            start(dispatches);
            Reply page = send("error", status);
            assertThat(page.status() + "").isEqualTo(status);
            assertThat(page.wasServed()).isTrue();
            assertThat(new RawHttpClient(backend)
                                    .get("/api/people?error=" + status)
                                    .status() + "")
                    .isEqualTo(status);
            backend.close();
        }
        start(ALL);
        assertThat(send("error", status).body()).isEqualTo(echoed());
    }

    @Test
    void applicationExceptionKeepsItsStatus() {
        start(ALL);
        Reply page = send("throw", "");
        assertThat(page.status()).isEqualTo(500);
        assertThat(page.body()).isEqualTo(echoed());
    }

    @Test
    void strictFilterKeepsTheStatusOfTheErrorPage() {
        backend = TestBackend.of(new WebApp()
                .filter(ApiKeyFilter.verifying(keys.apiKeys()), "/api/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()), EnumSet.of(DispatcherType.ERROR), "/*")
                .errorPage("/errors")
                .servlet(new TestBackend.Echo(), "/errors"));
        Reply page = new RawHttpClient(backend).get("/none");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).isEqualTo("no key, principal null, header null");
        assertThat(new RawHttpClient(backend).get("/api/none").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch"})
    void errorPageMayDispatchFurther(String action) {
        backend = TestBackend.of(new WebApp()
                .filter(filter, ALL, "/*")
                .errorPage("/errors")
                .servlet(new Dispatcher(action, "/inner"), "/errors")
                .servlet(new Dispatcher(), "/api/people")
                .servlet(new TestBackend.Echo(), "/inner"));
        Reply page = send("error", "404");
        assertThat(page.status()).isEqualTo(404);
        // Tomcat does not wait for an error page that starts an asynchronous dispatch.
        assertThat(page.body()).isIn(echoed(), action.equals("dispatch") ? "" : echoed());
    }

    @Test
    void errorPageOfARevokedKeyKeepsTheStatus() {
        start(ALL);
        Reply page = send("revoke-and-error", "404");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.wasServed()).isTrue();
    }

    @Test
    void keyRevokedDuringAsyncRequestIsRejectedAtDispatch() {
        start(ALL);
        Reply reply = send("revoke-and-dispatch", "/api/people/1");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.wasServed()).isFalse();
    }

    @Test
    void filterMappedTwiceRespondsOnce() {
        backend = TestBackend.of(new WebApp()
                .filter(filter, "/*", "/api/*", "/api/people")
                .filter(filter, "/api/*")
                .servlet(new TestBackend.Echo(), "/api/*"));
        RawHttpClient client = new RawHttpClient(backend);
        assertThat(client.get("/api/people", bearer()).body()).isEqualTo(echoed());
        Reply lacking = client.get("/api/notes", bearer());
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.header("WWW-Authenticate")).containsOnlyOnce("Bearer");
        assertThat(lacking.body()).isEqualTo("{\"error\":\"the API key lacks the scope read:notes\"}");
    }

    @Test
    void twoFiltersBothApply() {
        backend = TestBackend.of(new WebApp()
                .filter(filter, "/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()).allowing("GET", "/api/people", "read:notes"), "/*")
                .servlet(new TestBackend.Echo(), "/api/*"));
        RawHttpClient client = new RawHttpClient(backend);
        assertThat(client.get("/api/people", bearer()).status()).isEqualTo(403);
        assertThat(client.get("/api/people/1", bearer()).status()).isEqualTo(403);
        assertThat(client.get("/api/people").status()).isEqualTo(401);
    }

    private void start(EnumSet<DispatcherType> dispatches) {
        backend = TestBackend.of(new WebApp()
                .filter(filter, dispatches, "/*")
                .errorPage("/errors")
                .servlet(new Dispatcher(), "/api/people")
                .servlet(new TestBackend.Echo(), "/api/people/*", "/api/notes", "/inner", "/errors"));
    }

    private void revoke() {
        keys.apiKeys().managedBy(keys.admin("north")).revoke(issued.key().id(), "");
    }

    private Reply send(String action, String target) {
        return new RawHttpClient(backend).get("/api/people?" + action + "=" + target, bearer());
    }

    private String echoed() {
        return "key " + issued.key().id() + " of north as " + issued.key().id() + " by Bearer";
    }

    private String bearer() {
        return "Authorization: Bearer " + issued.secret().reveal();
    }

    /** Performs the action that the query of the request names. */
    private final class Dispatcher extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final String[] fixed;

        Dispatcher(String... fixed) {
            this.fixed = fixed;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            String[] query = fixed.length > 0 ? fixed : request.getQueryString().split("=", 2);
            switch (query[0]) {
                case "forward" -> request.getRequestDispatcher(query[1]).forward(request, response);
                case "include" -> request.getRequestDispatcher(query[1]).include(request, response);
                case "dispatch" -> request.startAsync().dispatch(query[1]);
                case "dispatch-of-this" -> request.startAsync(request, response).dispatch(query[1]);
                case "revoke-and-dispatch" -> {
                    revoke();
                    request.startAsync().dispatch(query[1]);
                }
                case "revoke-and-error" -> {
                    revoke();
                    response.sendError(Integer.parseInt(query[1]));
                }
                case "throw" -> throw new IllegalStateException("thrown by the application");
                case "later" -> {
                    AsyncContext later = request.startAsync();
                    later.start(() -> {
                        try {
                            new TestBackend.Echo().service(request, response);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                        later.complete();
                    });
                }
                default -> response.sendError(Integer.parseInt(query[1]));
            }
        }
    }
}
