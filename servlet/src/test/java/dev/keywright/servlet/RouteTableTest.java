package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.util.Throwables.getStackTrace;

import dev.keywright.servlet.Container.Quirk;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("containers")
class RouteTableTest {

    private final TestKeys keys = TestKeys.withScopes("one", "two");
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys());

    @ParameterizedTest
    @Tag("long")
    @ValueSource(
            strings = {
                "",
                "api",
                "api/people",
                "api/",
                "//",
                "//api",
                "/api//",
                "/api//people",
                "/api/./x",
                "/api/..",
                "/api/*",
                "/api/**",
                "/api/{}",
                "/api/{id",
                "/api/id}",
                "/api/x{id}",
                "/api/{id}x",
                "/api/{a}{b}",
                "/api/{*rest}",
                "/api/{1}",
                "/api;x",
                "/api?x",
                "/api#x",
                "/api%2fx",
                "/api\\x",
                "/api/\u0000",
                "/api/\u0085",
                "/api/\ud800",
                "http://host/api"
            })
    void malformedPatternIsRejected(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> filter.allowing("GET", pattern, "one"));
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(
            strings = {"", "get", "Get", "HEAD", "GET ", "GET,POST", "*", "-", "CONNECT", "TRACE", "ANY", "ALL", "GETS"
            })
    void unregisteredMethodIsRejected(String method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter.allowing(method, "/api", "one"))
                .withMessageEndingWith("was " + method);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "VERSION-CONTROL", "QUERY"})
    void registeredMethodIsAccepted(String method) {
        start(filter.allowing(method, "/api", "one"));
    }

    @Test
    void scopeOutsideTheCatalogIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter.allowing("GET", "/api", "on"))
                .withMessage("the scope of the route GET /api must be in the scope catalog one, two, was on");
    }

    @Test
    void trailingSlashIsSignificant() {
        String key =
                "Authorization: Bearer " + keys.active("north", "one").secret().reveal();
        ApiKeyFilter slashes = filter.allowing("GET", "/", "one")
                .allowing("GET", "/api/people/", "one")
                .allowing("GET", "/api/people/{id}/", "one")
                .allowing("GET", "/api/notes", "one");
        try (TestBackend backend =
                TestBackend.of(new WebApp().filter(slashes, "/*").servlet(new TestBackend.Echo(), "/*"))) {
            RawHttpClient client = new RawHttpClient(backend);
            for (String open : new String[] {"/", "/api/people/", "/api/people/1/", "/api/notes"}) {
                assertThat(client.get(open, key).status()).as(open).isEqualTo(200);
            }
            for (String closed : new String[] {
                "/api", "/api/", "/api/people", "/api/people/1", "/api/people//", "/api/people/1/2", "/api/notes/"
            }) {
                assertThat(client.get(closed, key).status()).as(closed).isIn(400, 403);
            }
        }
    }

    @Test
    void malformedScopeIsRejected() {
        assertThatThrownBy(() -> filter.allowing("GET", "/api", "one two"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"/api/x, /api/x", "/api/{id}, /api/{id}", "/api/{id}, /api/{name}"})
    void duplicateRouteIsRejected(String first, String second) {
        ApiKeyFilter once = filter.allowing("GET", first, "one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> once.allowing("GET", second, "two"))
                .withMessageContaining("GET " + second);
        assertThat(once.allowing("POST", second, "two")).isNotNull();
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "/api/{id}/b, /api/a/{id}, /api/a/b",
        "/{x}/a/{y}/b, /x/{a}/y/{b}, /x/a/y/b",
        "/{x}/a/{z}, /x/{y}/{z}, /x/a/{z}"
    })
    void conflictingRoutesPreventStartup(String first, String second, String both) {
        ApiKeyFilter conflicting = filter.allowing("GET", first, "one").allowing("GET", second, "two");
        assertThat(failureToStart(new WebApp().filter(conflicting, "/*")))
                .contains("match the same paths with different scopes: add a route for "
                        + both.replaceAll("\\{.}", "{any}"));
        start(conflicting.allowing("GET", both, "one"));
        start(filter.allowing("GET", both, "two").allowing("GET", first, "one").allowing("GET", second, "two"));
        start(filter.allowing("GET", first, "one").allowing("GET", second, "one"));
        start(filter.allowing("GET", first, "one").allowing("POST", second, "two"));
    }

    @ParameterizedTest
    @CsvSource({
        "/people, /api/*",
        "/ap/{id}, /api/*",
        "/api, /api/people/*",
        "/api/people/1, /api/people",
        "/api/x.xml, *.json",
        "/api/{id}, /api/",
        "/api/people, /api/people/",
        "/api/people/, /api/people",
        "/api/people/, *.json",
        "/, /api/*",
        "/{id}, ''"
    })
    void unreachableRoutePreventsStartup(String path, String mapping) {
        WebApp app = new WebApp().filter(filter.allowing("GET", path, "one"), mapping);
        assertThat(failureToStart(app)).contains("can never match: the filter is mapped to [" + mapping + "]");
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "/people, /*",
        "/api, /api/*",
        "/{any}/people, /api/*",
        "/api/{id}, /api/people/*",
        "/{a}/{b}, /api/people",
        "/api/x.json, *.json",
        "/api/{id}, *.json",
        "/api/people/, /api/people/*",
        "/api/people/, /api/people/",
        "/api/{id}/, /api/people/",
        "/, /*"
    })
    void reachableRouteIsAccepted(String path, String mapping) {
        TestBackend.of(new WebApp().filter(filter.allowing("GET", path, "one"), mapping))
                .close();
        TestBackend.of(new WebApp().filter(filter.allowing("GET", path, "one"), "/none/at/all/*", mapping))
                .close();
    }

    /** {@return the exception and the log of a failed start-up; some containers only log the reason} */
    private static String failureToStart(WebApp app) {
        CapturedLog logged = new CapturedLog();
        Throwable thrown = catchThrowable(() -> TestBackend.of(app).close());
        assertThat(thrown).isNotNull();
        return getStackTrace(thrown) + logged.text();
    }

    private static void start(ApiKeyFilter filter) {
        TestBackend.behind(filter).close();
    }

    @Test
    void filterIsImmutable() {
        ApiKeyFilter first = filter.allowing("GET", "/api/x", "one");
        first.allowing("GET", "/api/y", "one").passingThroughOthers();
        try (TestBackend backend = TestBackend.behind(first)) {
            RawHttpClient client = new RawHttpClient(backend);
            String key =
                    "Authorization: Bearer " + keys.active("north").secret().reveal();
            assertThat(client.get("/api/x", key).status()).isEqualTo(200);
            assertThat(client.get("/api/y", key).status()).isEqualTo(403);
            assertThat(client.get("/api/x").status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "/api/a, one",
        "/api/export, two",
        "/api/exports, one",
        "/api/a/b, two",
        "/api/a/c, one",
        "/api/d/b, two"
    })
    void literalTakesPrecedenceOverPlaceholderInAnyOrder(String path, String scope) {
        String[][] routes = {
            {"/api/{id}", "one"},
            {"/api/export", "two"},
            {"/api/{id}/b", "two"},
            {"/api/a/{id}", "one"},
            {"/api/a/b", "two"}
        };
        ApiKeyFilter inOrder = filter;
        ApiKeyFilter reversed = filter;
        for (int i = 0; i < routes.length; i++) {
            inOrder = inOrder.allowing("GET", routes[i][0], routes[i][1]);
            reversed = reversed.allowing("GET", routes[routes.length - 1 - i][0], routes[routes.length - 1 - i][1]);
        }
        String needed =
                "Authorization: Bearer " + keys.active("north", scope).secret().reveal();
        String other = "Authorization: Bearer "
                + keys.active("north", scope.equals("one") ? "two" : "one")
                        .secret()
                        .reveal();
        for (ApiKeyFilter each : new ApiKeyFilter[] {inOrder, reversed}) {
            try (TestBackend backend = TestBackend.behind(each)) {
                RawHttpClient client = new RawHttpClient(backend);
                assertThat(client.get(path, needed).status()).isEqualTo(200);
                assertThat(client.get(path, other).status()).isEqualTo(403);
            }
        }
    }

    @Test
    void requestWithoutAPathMatchesNoPattern() {
        PathPattern pattern = PathPattern.of("/{id}");
        assertThat(pattern.matches("/x")).isTrue();
        assertThat(pattern.matches("")).isFalse();
        assertThat(pattern.matches("*x")).isFalse();
    }

    private static final String[] AMBIGUOUS = {
        "/api/people;x=1",
        "/api;x=1/people",
        "/api/people;",
        "//api/people",
        "/api//people",
        "/api/people//",
        "/api/./people",
        "/api/x/../people",
        "/api/people/.",
        "/api/people/..",
        "/api/%2e/people",
        "/api/x/%2E%2e/people",
        "/api/x/.%2e/people",
        "/api%2fpeople",
        "/api%2Fpeople",
        "/api/people%2f",
        "/api/people%5c..",
        "/api/people%5Cx",
        "/api/people\\x",
        "/api/people%3bx",
        "/api/people%3B",
        "/api/people%00",
        "/api/people/%2541",
        "/api/people/%25",
        // Invalid UTF-8, which decoders treat differently, and a non-standard escape of a slash.
        "/api/people/%c0%af",
        "/api/people/%ff",
        "/api/people/%ed%a0%80",
        "/api/people/ä",
        "/api/people%u002fx",
        "/api/people/x%0a",
        "/api/people/x%7f",
        "/api/people/x%c2%85",
        "/api/people/x|y",
    };

    @Test
    void ambiguousPathIsForbidden() {
        ApiKeyFilter open = filter.allowing("GET", "/api/people", "one").allowing("GET", "/api/people/{id}", "one");
        String key = "Authorization: Bearer " + keys.active("north").secret().reveal();
        try (TestBackend strict = TestBackend.behind(open);
                TestBackend lenient = TestBackend.lenientBehind(open)) {
            for (String path : AMBIGUOUS) {
                Reply reply = new RawHttpClient(strict).get(path, key);
                assertThat(reply.status()).as(path).isIn(400, 403);
                assertThat(reply.wasServed()).as(path).isFalse();
                reply = new RawHttpClient(lenient).get(path, key);
                // Even a lenient container rejects some of the paths itself.
                if (!(path.toLowerCase(Locale.ROOT).contains("%2f") && TestBackend.has(Quirk.HIDES_RAW_PATHS))) {
                    assertThat(reply.status()).as(path).isIn(400, 403);
                    assertThat(reply.wasServed()).as(path).isFalse();
                }
            }
            assertThat(new RawHttpClient(lenient).get("/api/people", key).status())
                    .isEqualTo(200);
            assertThat(new RawHttpClient(lenient).get("/api/people/a.b..c", key).status())
                    .isEqualTo(200);
            assertThat(new RawHttpClient(lenient).get("/api/people/...", key).status())
                    .isEqualTo(200);
        }
    }
}
