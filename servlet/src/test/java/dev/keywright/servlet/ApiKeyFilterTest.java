package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.StoreUnavailableException;
import dev.keywright.management.IssuedKey;
import dev.keywright.servlet.Container.Quirk;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeyFilterTest {

    private static final String REPEATED =
            "{\"error\":\"the Authorization header must be sent once, and no other token with it\"}";
    private static final String NOT_VALID = "{\"error\":\"the API key is not valid\"}";

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people", "read:interviews");
    private final ApiKeyFilter strict = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .allowing("GET", "/api/people/{id}", "read:people")
            .allowing("POST", "/api/people", "write:people");

    private final TestBackend shared = TestBackend.behind(strict.passingThroughOthers());

    private TestBackend backend;
    private RawHttpClient client;

    @BeforeEach
    void useShared() {
        backend = shared;
        client = new RawHttpClient(shared);
    }

    @AfterEach
    void stopOwn() {
        if (backend != shared) {
            backend.close();
        }
    }

    @AfterAll
    void stopShared() {
        shared.close();
    }

    @Test
    void validKeyWithScopeIsAdmittedWithIdAndTenant() {
        IssuedKey issued = keys.active("north", "read:people");
        Reply reply = client.get("/api/people", bearer(issued));
        String id = issued.key().id().value();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("key " + id + " of north as " + id + " by Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
    void schemeIsCaseInsensitive(String scheme) {
        String token = keys.active("north", "read:people").secret().reveal();
        assertAdmitted(client.get("/api/people", "authorization: " + scheme + " " + token));
    }

    @Test
    void severalSpacesMayFollowTheScheme() {
        String token = keys.active("north", "read:people").secret().reveal();
        assertAdmitted(client.get("/api/people", "Authorization: Bearer    " + token));
    }

    @Test
    void rejectionNamesTheMissingScope() {
        Reply reply = client.get("/api/people", bearer(keys.active("north", "write:people", "read:interviews")));
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"read:people\"");
        assertRejected(reply, "{\"error\":\"the API key lacks the scope read:people\"}");
    }

    @Test
    void routesAreSelectedByMethod() {
        String reader = bearer(keys.active("north", "read:people"));
        String writer = bearer(keys.active("north", "write:people"));
        assertThat(client.send("POST", "/api/people", "{}", reader).header("WWW-Authenticate"))
                .contains("scope=\"write:people\"");
        assertAdmitted(client.send("POST", "/api/people", "{}", writer));
    }

    @Test
    void routeForGetIncludesHead() {
        Reply reply = client.send("HEAD", "/api/people", "", bearer(keys.active("north", "read:people")));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.wasServed()).isTrue();
        assertThat(client.send("HEAD", "/api/people", "", bearer(keys.active("north", "write:people")))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/other",
                "/api/people/",
                "/api/people/1/",
                "/api/people/1/2",
                "/api/People",
                "/API/people",
                "/api",
                "/api/peopl%65s"
            })
    void validKeyWithoutRouteIsForbidden(String path) {
        Reply reply = client.get(path, bearer(keys.active("north")));
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.header("WWW-Authenticate")).isEmpty();
        assertRejected(reply, "{\"error\":\"API keys cannot be used here\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PUT", "OPTIONS", "PATCH", "get", "X-ANY"})
    void methodWithoutRouteIsForbidden(String method) {
        assertThat(client.send(method, "/api/people", "", bearer(keys.active("north")))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void routesMatchTheDecodedPath() {
        String reader = bearer(keys.active("north", "read:people"));
        assertAdmitted(client.get("/api/p%65ople", reader));
        assertAdmitted(client.get("/api/people/J%C3%B6rg%20%2B", reader));
        assertAdmitted(client.get("/api/people?a=//;%2f..", reader));
    }

    @Test
    void unknownRevokedExpiredAndMalformedKeysGetTheSameResponse() {
        Reply unknown = client.get("/api/people", bearer(keys.unknown().reveal()));
        Reply revoked = client.get("/api/people", bearer(keys.revoked("north")));
        Reply expired = client.get("/api/people", bearer(keys.expired("north")));
        Reply malformed = client.get("/api/people", bearer("ck_x"));
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertRejected(unknown, NOT_VALID);
        assertThat(revoked).isEqualTo(unknown);
        assertThat(expired).isEqualTo(unknown);
        assertThat(malformed).isEqualTo(unknown);
    }

    @Test
    void invalidKeyIsUnauthorizedAlsoWithoutRoute() {
        assertThat(client.get("/api/other", bearer(keys.revoked("north"))).status())
                .isEqualTo(401);
        assertThat(client.get("/api/other", bearer(keys.unknown().reveal())).status())
                .isEqualTo(401);
    }

    /** Variants of a valid key, none of which is valid. */
    static Stream<String> almostKeys() {
        return Stream.of(
                "Bearer\t%s",
                "Bearer\u00A0%s",
                "Bearer \u00A0%s",
                "Bearer \u200B%s",
                "Bearer \uFEFF%s",
                "Bearer %s %s",
                "Bearer %s,",
                "Bearer %s, Basic eDp5",
                "Bearer %s=",
                "Bearer %sx",
                "Bearer %.34s",
                "Bearer %s%%00",
                "Bearer %.20sABCDEFGHIJKLMNO",
                "Bearer %.34s１",
                "Bearer ck_\"%s\"",
                "Bearer ck_",
                "Bearer ck_" + "x".repeat(4000));
    }

    @ParameterizedTest
    @MethodSource("almostKeys")
    void nearlyCorrectKeyIsRejected(String header) {
        String token = keys.active("north").secret().reveal();
        Reply reply = client.get("/api/people", "Authorization: " + header.formatted(token, token));
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertRejected(reply, NOT_VALID);
    }

    @Test
    void tabAfterSchemeDoesNotChangeTheKey() {
        String key = "Authorization: Bearer \t" + keys.active("north").secret().reveal();
        Reply reply = client.get("/api/people", key);
        assertThat(reply.status()).isEqualTo(TestBackend.has(Quirk.NORMALIZES_HEADER_BLANKS) ? 200 : 401);
        assertThat(client.get("/api/other", key).wasServed()).isFalse();
    }

    @Test
    void severalAuthorizationHeadersWithAKeyAreRejected() {
        String key = bearer(keys.active("north"));
        String session = bearer(TestBackend.ADMIN);
        for (String[] headers :
                new String[][] {{key, key}, {key, session}, {session, key}, {"Authorization: Basic eDp5", key}}) {
            Reply reply = client.get("/api/people", headers);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_request\"");
            assertRejected(reply, REPEATED);
        }
    }

    @Test
    void keyWithAnotherTokenInTheQueryIsRejected() {
        String key = bearer(keys.active("north"));
        for (String query : new String[] {
            "?access_token=x", "?a=b&access_token=", "?access_token=x&a=b", "?a&access%5Ftoken=x", "?%61ccess_tok%65n"
        }) {
            Reply reply = client.get("/api/people" + query, key);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_request\"");
            assertRejected(reply, REPEATED);
        }
        assertAdmitted(client.get("/api/people?my_access_token=x&token=y&q=access_token", key));
        assertThat(client.get("/api/people?access_token=x").wasServed()).isTrue();
    }

    static Stream<String> otherTokens() {
        return Stream.of(
                "Bearer",
                "Bearer session-token",
                "Bearer xck_0",
                "Bearer CK_0",
                "Basic Y2tfMDpja18w",
                "Basic ck_0",
                "BearerX ck_0",
                "Bearer-ck_0",
                "ck_0",
                "Token ck_0");
    }

    @ParameterizedTest
    @MethodSource("otherTokens")
    void otherTokenReachesTheHostUnchanged(String header) {
        Reply reply = client.get("/api/people", "Authorization: " + header);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("no key, principal null, header " + header);
    }

    /** Headers in which other APIs expect a key. */
    static Stream<String> misplacedKeys() {
        return Stream.of(
                "Authorization: %s",
                "Authorization: Token %s",
                "Authorization: Token token=\"%s\"",
                "Authorization: ApiKey %s",
                "Authorization: Bearer: %s",
                "Authorization: Basic BASE64(%s:)",
                "Authorization: basic BASE64(%s:x)",
                "Authorization: Basic BASE64(user:%s)",
                "Authorization: Basic %s",
                "X-API-Key: %s",
                "x-api-key: %s");
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("misplacedKeys")
    void misplacedKeyIsAnsweredWithInstructions(String format) {
        String token = keys.active("north").secret().reveal();
        String header = format.formatted(token);
        if (header.contains("BASE64(")) {
            String plain = header.substring(header.indexOf('(') + 1, header.length() - 1);
            header = header.substring(0, header.indexOf("BASE64"))
                    + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }
        assertInstructions(client.get("/api/people", header), token);
        assertInstructions(client.get("/api/other", header), token);
        use(strict);
        assertInstructions(client.get("/api/people", header), token);
        use(TestBackend.managing(keys.apiKeys()));
        assertInstructions(client.get("/api/keys", header), token);
        assertThat(backend.authenticated()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"access_token", "ACCESS_TOKEN", "acces%73_token", "api_key", "apikey", "apiKey", "x-api-key"})
    void keyInQueryIsAnsweredWithInstructions(String name) {
        String token = keys.active("north").secret().reveal();
        assertInstructions(client.get("/api/people?a=b&" + name + "=" + token), token);
        assertThat(client.get("/api/people?q=" + token + "&" + name + "=x").wasServed())
                .isTrue();
    }

    @Test
    void misplacedKeyGetsTheSameResponseWhetherActiveOrNot() {
        Reply active = client.get(
                "/api/people", "X-API-Key: " + keys.active("north").secret().reveal());
        for (String other :
                List.of(keys.revoked("north").secret().reveal(), keys.unknown().reveal(), "ck_" + "x".repeat(40))) {
            assertThat(client.get("/api/people", "X-API-Key: " + other)).isEqualTo(active);
        }
    }

    @Test
    void misplacedKeyBesideABearerTokenIsIgnored() {
        String misplaced = "X-API-Key: " + keys.active("north").secret().reveal();
        assertThat(client.get("/api/people", bearer(TestBackend.ADMIN), misplaced)
                        .wasServed())
                .isTrue();
        assertAdmitted(client.get("/api/people", bearer(keys.active("north")), misplaced));
    }

    private static void assertInstructions(Reply reply, String token) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\"");
        assertRejected(
                reply, "{\"error\":\"an API key must be sent in the header \\\"Authorization: Bearer <key>\\\"\"}");
        assertThat(reply.headers() + reply.body()).doesNotContain(token.substring(8, 24));
    }

    @Test
    void requestWithoutHeaderPassesUnchanged() {
        assertThat(client.get("/api/people").body()).isEqualTo("no key, principal null, header null");
        assertThat(client.get("/api/people/a;b=c").wasServed()).isTrue();
    }

    @Test
    void severalHeadersWithoutAKeyPassThrough() {
        assertThat(client.get("/api/people", bearer("one"), bearer("two")).wasServed())
                .isTrue();
    }

    @Test
    void keysInUrlsCookiesAndOtherHeadersAreNotAccepted() {
        String token = keys.active("north").secret().reveal();
        use(strict);
        assertThat(client.get("/api/people?access_token=" + token).status()).isEqualTo(401);
        assertThat(client.get("/api/people", "Cookie: access_token=" + token).status())
                .isEqualTo(401);
        assertThat(client.get("/api/people", "X-Api-Key: " + token, "Proxy-Authorization: Bearer " + token)
                        .status())
                .isEqualTo(401);
        Reply form = client.send(
                "POST", "/api/people", "access_token=" + token, "Content-Type: application/x-www-form-urlencoded");
        assertThat(form.status()).isEqualTo(401);
    }

    @Test
    void strictFilterRejectsRequestsWithoutAKey() {
        use(strict);
        for (String header : new String[] {"X-NotFound: x", "Authorization: Bearer", "Authorization: Basic eDp5"}) {
            Reply reply = client.get("/api/people", header);
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\"");
            assertRejected(reply, "{\"error\":\"an API key is required\"}");
        }
        Reply token = client.get("/api/people", bearer(TestBackend.ADMIN));
        assertThat(token.status()).isEqualTo(401);
        assertThat(token.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(client.get("/api/people", bearer(keys.active("north"))).status())
                .isEqualTo(200);
    }

    @Test
    void filterWithoutRoutesAdmitsNoKey() {
        use(ApiKeyFilter.verifying(keys.apiKeys()));
        assertThat(client.get("/api/people", bearer(keys.active("north"))).status())
                .isEqualTo(403);
    }

    @Test
    void onlyScopesOfTheKeyAreRoles() {
        HttpServlet roles = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                for (String role :
                        List.of("read:people", "write:people", "read:people ", "READ:PEOPLE", "Admin", "*")) {
                    response.getWriter().print(request.isUserInRole(role) + " ");
                }
            }
        };
        use(TestBackend.serving(
                roles,
                (request, response, chain) -> strict.doFilter(
                        new HttpServletRequestWrapper((HttpServletRequest) request) {
                            @Override
                            public boolean isUserInRole(String role) {
                                return true;
                            }
                        },
                        response,
                        chain)));
        assertThat(client.get("/api/people", bearer(keys.active("north", "read:people")))
                        .body())
                .isEqualTo("true false false false false false ");
    }

    @Test
    void applicationExceptionIsNotReportedAsAnOutage() {
        HttpServlet failing = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) {
                throw new StoreUnavailableException("the store of the application", null);
            }
        };
        use(TestBackend.serving(failing, strict));
        Reply reply = client.get("/api/people", bearer(keys.active("north")));
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.header("Retry-After")).isEmpty();
    }

    private void use(ApiKeyFilter filter) {
        use(TestBackend.behind(filter));
    }

    private void use(TestBackend own) {
        stopOwn();
        backend = own;
        client = new RawHttpClient(backend);
    }

    private static String bearer(IssuedKey issued) {
        return bearer(issued.secret().reveal());
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static void assertAdmitted(Reply reply) {
        assertThat(reply.body()).startsWith("key ").contains(" of north ");
    }

    private static void assertRejected(Reply reply, String body) {
        assertThat(reply.wasServed()).isFalse();
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.body()).isEqualTo(body);
    }
}
