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

/** Where an application sends a request on by itself, or answers it later: the key goes with it, and nobody else's. */
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
    void keyGoesWithARequestThatIsSentOn(String how) {
        start(REQUESTS);
        assertThat(send(how, "/api/people/1").body()).isEqualTo(letIn());
        backend.close();
        start(ALL);
        assertThat(send(how, "/api/people/1").body()).isEqualTo(letIn());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this", "later"})
    void requestWithoutAKeyIsSentOnWithoutOne(String how) {
        start(ALL);
        send(how, "/api/people/1");
        assertThat(new RawHttpClient(backend)
                        .get("/api/people?" + how + "=/api/people/1")
                        .body())
                .isEqualTo("no key, principal null, header null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "dispatch", "dispatch-of-this"})
    void dispatchIsCheckedByItsOwnPath(String how) {
        start(ALL);
        Reply lacking = send(how, "/api/notes");
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.header("WWW-Authenticate")).contains("insufficient_scope", "scope=\"read:notes\"");
        assertThat(lacking.wasServed()).isFalse();
        Reply closed = send(how, "/inner");
        assertThat(closed.status()).isEqualTo(403);
        assertThat(closed.body()).isEqualTo("{\"error\":\"API keys cannot be used here\"}");
        assertThat(closed.wasServed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/notes", "/inner"})
    void forbiddenIncludeIsOmitted(String where) {
        start(ALL);
        CapturedLog logged = new CapturedLog();
        Reply page = send("include", where);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEmpty();
        assertThat(logged.text()).contains("Include of " + where + " omitted: the API key may not use it.");
        backend.close();
        start(REQUESTS);
        assertThat(send("include", where).body())
                .startsWith("key " + issued.key().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this"})
    void dispatchesAreNotCheckedIfMappedToRequestsOnly(String how) {
        start(REQUESTS);
        assertThat(send(how, "/inner").body()).startsWith("key " + issued.key().id());
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
        assertThat(send("error", status).body()).isEqualTo(letIn());
    }

    @Test
    void exceptionOfTheApplicationKeepsItsStatus() {
        start(ALL);
        Reply page = send("throw", "");
        assertThat(page.status()).isEqualTo(500);
        assertThat(page.body()).isEqualTo(letIn());
    }

    @Test
    void filterThatAdmitsKeysAloneKeepsTheHostsStatus() {
        backend = TestBackend.of(new WebApp()
                .filter(ApiKeyFilter.verifying(keys.apiKeys()), "/api/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()), EnumSet.of(DispatcherType.ERROR), "/*")
                .errorsTo("/errors")
                .serve(new TestBackend.Echo(), "/errors"));
        Reply page = new RawHttpClient(backend).get("/none");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).isEqualTo("no key, principal null, header null");
        assertThat(new RawHttpClient(backend).get("/api/none").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch"})
    void errorPageMayBeMadeOfSeveralParts(String how) {
        backend = TestBackend.of(new WebApp()
                .filter(filter, ALL, "/*")
                .errorsTo("/errors")
                .serve(new SendingOn(how, "/inner"), "/errors")
                .serve(new SendingOn(), "/api/people")
                .serve(new TestBackend.Echo(), "/inner"));
        Reply page = send("error", "404");
        assertThat(page.status()).isEqualTo(404);
        // Tomcat does not wait for an error page that starts an asynchronous dispatch.
        assertThat(page.body()).isIn(letIn(), how.equals("dispatch") ? "" : letIn());
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
    void filterThatIsMappedTwiceAnswersOnce() {
        backend = TestBackend.of(new WebApp()
                .filter(filter, "/*", "/api/*", "/api/people")
                .filter(filter, "/api/*")
                .serve(new TestBackend.Echo(), "/api/*"));
        RawHttpClient wire = new RawHttpClient(backend);
        assertThat(wire.get("/api/people", bearer()).body()).isEqualTo(letIn());
        Reply lacking = wire.get("/api/notes", bearer());
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.header("WWW-Authenticate")).containsOnlyOnce("Bearer");
        assertThat(lacking.body()).isEqualTo("{\"error\":\"the API key lacks the scope read:notes\"}");
    }

    @Test
    void twoFiltersBothApply() {
        backend = TestBackend.of(new WebApp()
                .filter(filter, "/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()).allowing("GET", "/api/people", "read:notes"), "/*")
                .serve(new TestBackend.Echo(), "/api/*"));
        RawHttpClient wire = new RawHttpClient(backend);
        assertThat(wire.get("/api/people", bearer()).status()).isEqualTo(403);
        assertThat(wire.get("/api/people/1", bearer()).status()).isEqualTo(403);
        assertThat(wire.get("/api/people").status()).isEqualTo(401);
    }

    private void start(EnumSet<DispatcherType> dispatches) {
        backend = TestBackend.of(new WebApp()
                .filter(filter, dispatches, "/*")
                .errorsTo("/errors")
                .serve(new SendingOn(), "/api/people")
                .serve(new TestBackend.Echo(), "/api/people/*", "/api/notes", "/inner", "/errors"));
    }

    private void revoke() {
        keys.apiKeys().managedBy(keys.admin("north")).revoke(issued.key().id(), "");
    }

    private Reply send(String how, String where) {
        return new RawHttpClient(backend).get("/api/people?" + how + "=" + where, bearer());
    }

    private String letIn() {
        return "key " + issued.key().id() + " of north as " + issued.key().id() + " by Bearer";
    }

    private String bearer() {
        return "Authorization: Bearer " + issued.secret().reveal();
    }

    /** Does what its query says. */
    private final class SendingOn extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final String[] fixed;

        SendingOn(String... fixed) {
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
                case "throw" -> throw new IllegalStateException("the application fails");
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
