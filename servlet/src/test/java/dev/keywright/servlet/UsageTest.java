package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An admitted request records one use of its key; a rejected request records none. */
@Tag("containers")
class UsageTest {

    private static final EnumSet<DispatcherType> ALL = EnumSet.allOf(DispatcherType.class);

    private final TestKeys keys = TestKeys.withScopes("read:people", "read:notes");
    private final TenantKeys north = keys.apiKeys().managedBy(keys.admin("north"));
    private final IssuedKey issued = keys.active("north", "read:people");
    private final String bearer = bearer(issued);
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/people/{id}", "read:people")
            .allowing("GET", "/api/notes", "read:notes")
            .passingThroughOthers();
    private final HttpServlet echo = new TestBackend.Echo();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void rejectedRequestRecordsNoUse() {
        use(TestBackend.managingBehind(filter, keys.apiKeys()));
        for (String path : List.of("/api/keys", "/api/other", "/api/people/1/2", "/api/notes", "/api//people")) {
            assertThat(get(path).status()).as(path).isIn(400, 403);
        }
        assertThat(get("/api/people?access_token=x").status()).isEqualTo(400);
        assertUseCount(0);
        assertThat(get("/api/people").status()).isEqualTo(200);
        assertUseCount(1);
    }

    @Test
    void managementEndpointsRecordNoUse() {
        use(TestBackend.managing(keys.apiKeys()));
        assertThat(get("/api/keys").status()).isEqualTo(403);
        assertUseCount(0);
    }

    @Test
    void filterRegisteredOrMappedTwiceRecordsOneUse() {
        use(TestBackend.of(new WebApp()
                .filter(filter, "/*", "/api/*", "/api/people")
                .filter(filter, "/api/*")
                .filter(ApiKeyFilter.verifying(keys.apiKeys()).allowing("GET", "/api/people", "read:people"), "/*")
                .servlet(echo, "/api/*")));
        assertThat(get("/api/people").status()).isEqualTo(200);
        assertUseCount(1);
        assertThat(get("/api/people").status()).isEqualTo(200);
        assertUseCount(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "include", "dispatch", "error"})
    void furtherDispatchRecordsNoFurtherUse(String action) {
        HttpServlet dispatcher = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                switch (action) {
                    case "forward" ->
                        request.getRequestDispatcher("/api/people/1").forward(request, response);
                    case "include" ->
                        request.getRequestDispatcher("/api/people/1").include(request, response);
                    case "dispatch" -> request.startAsync().dispatch("/api/people/1");
                    default -> response.sendError(404);
                }
            }
        };
        use(TestBackend.of(new WebApp()
                .filter(filter, ALL, "/*")
                .errorPage("/api/people/1")
                .servlet(dispatcher, "/api/people")
                .servlet(echo, "/api/people/*")));
        assertThat(get("/api/people").body()).startsWith("key ");
        assertUseCount(1);
    }

    @Test
    void secondFilterSeesARevocationSinceTheFirst() {
        use(TestBackend.of(new WebApp()
                .filter(filter, "/*")
                .filter(
                        (request, response, chain) -> {
                            north.revoke(issued.key().id(), "");
                            chain.doFilter(request, response);
                        },
                        "/*")
                .filter(filter, "/*")
                .servlet(echo, "/api/*")));
        Reply reply = get("/api/people");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.wasServed()).isFalse();
    }

    @Test
    void replacedKeyIsRecordedToo() {
        IssuedKey other = keys.active("north", "read:people");
        Filter replacing = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Enumeration<String> getHeaders(String name) {
                        return name.equals("Authorization")
                                ? Collections.enumeration(
                                        List.of("Bearer " + other.secret().reveal()))
                                : super.getHeaders(name);
                    }
                },
                response);
        use(TestBackend.of(new WebApp()
                .filter(filter, "/*")
                .filter(replacing, "/*")
                .filter(filter, "/*")
                .servlet(echo, "/api/*")));
        assertThat(get("/api/people").body()).startsWith("key " + other.key().id());
        assertUseCount(1);
        assertThat(useCount(other.key())).isEqualTo(1);
    }

    private void use(TestBackend next) {
        backend = next;
    }

    private Reply get(String path) {
        return new RawHttpClient(backend).get(path, bearer);
    }

    private void assertUseCount(long expected) {
        assertThat(useCount(issued.key())).isEqualTo(expected);
    }

    private long useCount(ApiKey key) {
        keys.runMaintenance();
        return north.get(key.id()).usage().map(KeyUsage::count).orElse(0L);
    }

    private static String bearer(IssuedKey issued) {
        return "Authorization: Bearer " + issued.secret().reveal();
    }
}
