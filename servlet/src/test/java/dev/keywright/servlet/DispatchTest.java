package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.IssuedKey;
import dev.keywright.servlet.Wire.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
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

    private final TestKeys keys = TestKeys.offering("read:people", "read:notes");
    private final IssuedKey issued = keys.active("north", "read:people");
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/people/{id}", "read:people")
            .allowing("GET", "/api/notes", "read:notes")
            .passingOthersOn();

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
        assertThat(new Wire(backend)
                        .get("/api/people?" + how + "=/api/people/1")
                        .body())
                .isEqualTo("no key, principal null, header null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "dispatch", "dispatch-of-this"})
    void filterThatIsMappedToDispatchesAppliesItsRulesToWhereTheyLead(String how) {
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
    void includedPartThatIsClosedToTheKeyIsLeftOut(String where) {
        start(ALL);
        Logged logged = new Logged();
        Reply page = send("include", where);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEmpty();
        assertThat(logged.text()).contains("What is included at " + where + " is closed to this API key.");
        backend.close();
        start(REQUESTS);
        assertThat(send("include", where).body())
                .startsWith("key " + issued.key().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "dispatch-of-this"})
    void whereTheApplicationLeadsIsItsOwnBusinessIfTheFilterIsMappedToRequestsAlone(String how) {
        start(REQUESTS);
        assertThat(send(how, "/inner").body()).startsWith("key " + issued.key().id());
    }

    @Test
    void errorPageIsOpenOnlyWhereAFilterThatIsMappedToItHasARuleForIt() {
        start(REQUESTS);
        Reply page = send("error", "404");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.wasServed()).isTrue();
        backend.close();
        start(ALL);
        Reply refused = send("error", "404");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.wasServed()).isFalse();
        assertThat(new Wire(backend).get("/api/people?error=404").status()).isEqualTo(404);
    }

    @Test
    void keyThatIsRevokedWhileItsRequestWaitsIsRefusedWhenThatIsSentOn() {
        start(ALL);
        Reply reply = send("revoke-and-dispatch", "/api/people/1");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.wasServed()).isFalse();
    }

    @Test
    void filterThatIsMappedTwiceAnswersOnce() {
        backend = TestBackend.of(new Site()
                .filter(filter, "/*", "/api/*", "/api/people")
                .filter(filter, "/api/*")
                .serve(new TestBackend.Echo(), "/api/*"));
        Wire wire = new Wire(backend);
        assertThat(wire.get("/api/people", bearer()).body()).isEqualTo(letIn());
        Reply lacking = wire.get("/api/notes", bearer());
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.header("WWW-Authenticate")).containsOnlyOnce("Bearer");
        assertThat(lacking.body()).isEqualTo("{\"error\":\"the API key lacks the scope read:notes\"}");
    }

    @Test
    void whatTwoFiltersSayHoldsBothTimes() {
        backend = TestBackend.of(new Site()
                .filter(filter, "/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()).allowing("GET", "/api/people", "read:notes"), "/*")
                .serve(new TestBackend.Echo(), "/api/*"));
        Wire wire = new Wire(backend);
        assertThat(wire.get("/api/people", bearer()).status()).isEqualTo(403);
        assertThat(wire.get("/api/people/1", bearer()).status()).isEqualTo(403);
        assertThat(wire.get("/api/people").status()).isEqualTo(401);
    }

    private void start(EnumSet<DispatcherType> dispatches) {
        backend = TestBackend.of(new Site()
                .filter(filter, dispatches, "/*")
                .errorsTo("/errors")
                .serve(new SendingOn(), "/api/people")
                .serve(new TestBackend.Echo(), "/api/people/*", "/api/notes", "/inner", "/errors"));
    }

    private Reply send(String how, String where) {
        return new Wire(backend).get("/api/people?" + how + "=" + where, bearer());
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

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            String[] query = request.getQueryString().split("=", 2);
            switch (query[0]) {
                case "forward" -> request.getRequestDispatcher(query[1]).forward(request, response);
                case "include" -> request.getRequestDispatcher(query[1]).include(request, response);
                case "dispatch" -> request.startAsync().dispatch(query[1]);
                case "dispatch-of-this" -> request.startAsync(request, response).dispatch(query[1]);
                case "revoke-and-dispatch" -> {
                    keys.apiKeys()
                            .managedBy(keys.admin("north"))
                            .revoke(issued.key().id(), "");
                    request.startAsync().dispatch(query[1]);
                }
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
