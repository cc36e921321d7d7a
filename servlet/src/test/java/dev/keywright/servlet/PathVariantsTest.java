package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Path variants that have bypassed other filters, with each token at several positions of a path. */
@Tag("containers")
class PathVariantsTest {

    private static final List<String> TOKENS = List.of(
            ";",
            ";x=1",
            ";/",
            "%3b",
            "%3Bx",
            "/",
            "//",
            "%2f",
            "%2F",
            "%252f",
            "\\",
            "%5c",
            "%255c",
            "/.",
            "/./",
            "/..",
            "/../",
            "/..;/",
            "/%2e%2e/",
            "/.%2e/",
            "/%252e%252e/",
            "/x/../",
            "%00",
            "%20",
            "%09",
            "%0d%0a",
            "%u002f",
            "%c0%af",
            "%c0%ae",
            "%ef%bc%8f",
            "%e2%88%95",
            "?",
            "%3f",
            "#",
            "%23",
            "*",
            ".",
            ".json",
            "~",
            "%");

    private final TestKeys keys = TestKeys.withScopes("read:people", "read:secrets");
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/people/{id}", "read:people")
            .allowing("GET", "/api/secrets", "read:secrets")
            .allowing("GET", "/api/secrets/{id}", "read:secrets");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noPathVariantBypassesTheScopes(boolean lenient) {
        WebApp app = new WebApp()
                .filter(filter, "/*")
                .servlet(new NamedServlet("people"), "/api/people/*")
                .servlet(new NamedServlet("secrets"), "/api/secrets/*")
                .servlet(new NamedServlet("closed"), "/api/*", "/*");
        String key = "Authorization: Bearer "
                + keys.active("north", "read:people").secret().reveal();
        try (TestBackend backend = TestBackend.of(lenient ? app.lenient() : app)) {
            RawHttpClient client = new RawHttpClient(backend);
            assertThat(client.get("/api/people/1", key).body()).isEqualTo("people /api/people/1");
            for (String path : variants()) {
                Reply reply = client.get(path, key);
                if (reply.wasServed()) {
                    // A container that has normalized the path has also selected the servlet by the result.
                    assertThat(reply.body()).as(path).matches("people /api/people(/[^/;\\\\%\\p{Cntrl}]+)?");
                    assertThat(reply.body()).as(path).doesNotMatch(".*/\\.{1,2}");
                } else {
                    assertThat(reply.status()).as(path).isBetween(400, 499);
                }
            }
        }
    }

    private static List<String> variants() {
        List<String> variants = new ArrayList<>(List.of(
                "/API/secrets",
                "/api/Secrets",
                "/api/SECRETS/1",
                "/api/secrets/",
                "/api/secrets/1/",
                "/api/People",
                "/api/people/",
                "/api/people/1/",
                "/api/people/../secrets",
                "/api/people/1/../../secrets/1",
                "/api/people/..%2fsecrets",
                "/api/people/%2e%2e/secrets",
                "/api/people;/../secrets",
                "/api/people/..;/secrets",
                "/api/people\\..\\secrets",
                "/api/secrets?/api/people",
                "/api/secrets#/../people",
                "/api/%73ecrets",
                "/api/%2573ecrets",
                "/%61pi/secrets/1"));
        for (String path : List.of("/api/secrets/1", "/api/people/1")) {
            for (String token : TOKENS) {
                for (int position : new int[] {0, 4, 5, path.length() - 2, path.length()}) {
                    variants.add(path.substring(0, position) + token + path.substring(position));
                }
            }
        }
        return variants;
    }

    /** Responds with its name and the path by which the container has selected it. */
    private static final class NamedServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final String name;

        NamedServlet(String name) {
            this.name = name;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("X-Served", "yes");
            response.getWriter()
                    .print(name + " " + request.getServletPath()
                            + Objects.requireNonNullElse(request.getPathInfo(), ""));
        }
    }
}
