package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The principal of a request, and the filter beside security and CORS filters. */
@Tag("containers")
class PrincipalTest {

    private static final String ORIGIN = "Origin: https://example.org";

    private final TestKeys keys = TestKeys.withScopes("read:people");
    private final IssuedKey issued = keys.active("north", "read:people");
    private final String bearer = "Authorization: Bearer " + issued.secret().reveal();
    private final ApiKeyFilter strictFilter =
            ApiKeyFilter.verifying(keys.apiKeys()).allowing("GET", "/api/people", "read:people");
    private final ApiKeyFilter filter = strictFilter.passingThroughOthers();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void principalSurvivesALaterSecurityFilter() {
        // As Spring Security's wrapper does: without an authentication of its own it returns no principal.
        Filter security = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Principal getUserPrincipal() {
                        return null;
                    }
                },
                response);
        use(new WebApp().filter(filter, "/*").filter(security, "/*"));
        assertThat(get(bearer).body()).isEqualTo(tenantAndId() + " behind null");
    }

    @Test
    void principalSurvivesAFilterThatUnwrapsTheRequest() {
        AtomicReference<HttpServletRequest> original = new AtomicReference<>();
        use(new WebApp()
                .filter(
                        (request, response, chain) -> {
                            original.set((HttpServletRequest) request);
                            chain.doFilter(request, response);
                        },
                        "/*")
                .filter(filter, "/*")
                .filter(
                        (request, response, chain) ->
                                chain.doFilter(new HttpServletRequestWrapper(original.get()), response),
                        "/*"));
        assertThat(get(bearer).body()).isEqualTo(tenantAndId() + " behind null");
    }

    @Test
    void principalBelongsToOneRequest() {
        use(new WebApp().filter(filter, "/*"));
        assertThat(get(bearer).body()).startsWith(tenantAndId());
        assertThat(get().body()).isEqualTo("no key behind null");
        assertThat(get("Authorization: Bearer " + TestBackend.ADMIN).body()).isEqualTo("no key behind null");
    }

    @Test
    void longRequestDetectsARevocationByRecheck() {
        Filter stream = (request, response, chain) -> {
            Verified verified = ApiKeyFilter.verified(request).orElseThrow();
            boolean before = keys.apiKeys().recheck(verified) instanceof Verified;
            keys.apiKeys().managedBy(keys.admin("north")).revoke(issued.key().id(), "leaked");
            boolean after = keys.apiKeys().recheck(verified) instanceof Verified;
            response.getWriter().print(before + ", then " + after);
        };
        use(new WebApp().filter(filter, "/*").filter(stream, "/*"));
        assertThat(get(bearer).body()).isEqualTo("true, then false");
    }

    @Test
    void earlierCorsFilterHandlesPreflightsAndMarksRejections() {
        use(new WebApp().filter(new Cors(), "/*").filter(strictFilter, "/*"));
        Reply preflight = preflight();
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Headers")).isEqualTo("Authorization");
        Reply rejected = get(ORIGIN);
        assertThat(rejected.status()).isEqualTo(401);
        assertThat(rejected.header("Access-Control-Allow-Origin")).isEqualTo("https://example.org");
        Reply served = get(ORIGIN, bearer);
        assertThat(served.body()).startsWith(tenantAndId());
        assertThat(served.header("Access-Control-Allow-Origin")).isEqualTo("https://example.org");
    }

    @Test
    void laterCorsFilterReceivesNoPreflight() {
        use(new WebApp().filter(strictFilter, "/*").filter(new Cors(), "/*"));
        Reply preflight = preflight();
        assertThat(preflight.status()).isEqualTo(401);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
    }

    private String tenantAndId() {
        return issued.key().id() + " of north";
    }

    private Reply preflight() {
        return new RawHttpClient(backend)
                .send(
                        "OPTIONS",
                        "/api/people",
                        "",
                        ORIGIN,
                        "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Headers: authorization");
    }

    private Reply get(String... headers) {
        return new RawHttpClient(backend).get("/api/people", headers);
    }

    private void use(WebApp app) {
        backend = TestBackend.of(app.servlet(new Principals(), "/api/*"));
    }

    /** Responds with the key's principal and the user principal. */
    private static final class Principals extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String key = ApiKeyPrincipal.of(request)
                    .map(principal -> principal.getName() + " of " + principal.tenant())
                    .orElse("no key");
            Principal user = request.getUserPrincipal();
            response.getWriter().print(key + " behind " + (user == null ? "null" : user.getName()));
        }
    }

    /** Minimal CORS filter (Fetch Standard, section 3.2). */
    private static final class Cors implements Filter {

        @Override
        public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest request = (HttpServletRequest) servletRequest;
            HttpServletResponse response = (HttpServletResponse) servletResponse;
            String origin = request.getHeader("Origin");
            if (origin != null) {
                response.setHeader("Access-Control-Allow-Origin", origin);
            }
            if (request.getHeader("Access-Control-Request-Method") != null) {
                response.setHeader("Access-Control-Allow-Headers", "Authorization");
                response.setStatus(204);
            } else {
                chain.doFilter(request, response);
            }
        }
    }
}
