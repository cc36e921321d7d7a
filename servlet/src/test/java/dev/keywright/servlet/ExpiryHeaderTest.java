package dev.keywright.servlet;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class ExpiryHeaderTest {

    private static final Instant EXPIRY = Instant.parse("2025-04-05T06:07:08.999Z");
    private static final String SUNSET = "Sat, 05 Apr 2025 06:07:08 GMT";
    private static final String API_KEY_EXPIRES = "2025-04-05T06:07:08Z";

    private final TestKeys keys = TestKeys.withScopes("read:people", "write:people");
    private final ApiKeyFilter filter = ApiKeyFilter.verifying(keys.apiKeys())
            .allowing("GET", "/api/people", "read:people")
            .passingThroughOthers();
    private final TestBackend backend = TestBackend.serving(new Flushing(), filter);
    private final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void headersAreEnglishAndTruncatedToSeconds() {
        Reply reply = get("/api/people", expiring("read:people"));
        assertThat(reply.wasServed()).isTrue();
        assertThat(reply.header("Sunset")).isEqualTo(SUNSET);
        assertThat(reply.header("API-Key-Expires")).isEqualTo(API_KEY_EXPIRES);
        assertThat(OffsetDateTime.parse(API_KEY_EXPIRES))
                .isEqualTo(EXPIRY.truncatedTo(SECONDS).atOffset(ZoneOffset.UTC));
    }

    @Test
    void rejectionOfActiveKeyHasBothHeaders() {
        Reply missingScope = get("/api/people", expiring("write:people"));
        assertThat(missingScope.status()).isEqualTo(403);
        assertThat(missingScope.header("Sunset")).isEqualTo(SUNSET);
        assertThat(missingScope.header("API-Key-Expires")).isEqualTo(API_KEY_EXPIRES);
        Reply withoutRoute = get("/api/other", expiring("read:people"));
        assertThat(withoutRoute.status()).isEqualTo(403);
        assertThat(withoutRoute.header("Sunset")).isEqualTo(SUNSET);
        assertThat(withoutRoute.header("API-Key-Expires")).isEqualTo(API_KEY_EXPIRES);
    }

    @Test
    void onlyExpiringKeysGetTheHeaders() {
        assertNoExpiryHeaders(get("/api/people", keys.active("north")));
        assertNoExpiryHeaders(get("/api/other", keys.active("north")));
        assertNoExpiryHeaders(client.get("/api/people", "Authorization: Bearer " + TestBackend.ADMIN));
    }

    @Test
    void hostChoosesTheHeaders() {
        assertExpiryHeaders(filter.expiryHeaders(ExpiryHeader.API_KEY_EXPIRES), API_KEY_EXPIRES, "");
        assertExpiryHeaders(filter.expiryHeaders(ExpiryHeader.SUNSET), "", SUNSET);
        assertExpiryHeaders(filter.expiryHeaders(), "", "");
        assertExpiryHeaders(
                filter.expiryHeaders(ExpiryHeader.SUNSET, ExpiryHeader.API_KEY_EXPIRES, ExpiryHeader.SUNSET),
                API_KEY_EXPIRES,
                SUNSET);
    }

    @Test
    void choiceSurvivesFurtherOptions() {
        assertExpiryHeaders(
                ApiKeyFilter.verifying(keys.apiKeys())
                        .expiryHeaders(ExpiryHeader.API_KEY_EXPIRES)
                        .allowing("GET", "/api/people", "read:people")
                        .passingThroughOthers(),
                API_KEY_EXPIRES,
                "");
    }

    @Test
    void inactiveKeyGetsNoHeader() {
        IssuedKey expired = expiring("read:people");
        IssuedKey revoked = expiring("read:people");
        keys.apiKeys().managedBy(keys.admin("north")).revoke(revoked.key().id(), "");
        keys.clock().set(EXPIRY);
        assertThat(get("/api/people", expired).status()).isEqualTo(401);
        assertNoExpiryHeaders(get("/api/people", expired));
        assertThat(get("/api/people", revoked)).isEqualTo(get("/api/people", expired));
    }

    private void assertExpiryHeaders(ApiKeyFilter chosen, String apiKeyExpires, String sunset) {
        try (TestBackend other = TestBackend.serving(new Flushing(), chosen)) {
            Reply reply = new RawHttpClient(other)
                    .get(
                            "/api/people",
                            "Authorization: Bearer "
                                    + expiring("read:people").secret().reveal());
            assertThat(reply.wasServed()).isTrue();
            assertThat(reply.header("API-Key-Expires")).isEqualTo(apiKeyExpires);
            assertThat(reply.header("Sunset")).isEqualTo(sunset);
        }
    }

    private static void assertNoExpiryHeaders(Reply reply) {
        assertThat(reply.header("Sunset")).isEmpty();
        assertThat(reply.header("API-Key-Expires")).isEmpty();
    }

    private IssuedKey expiring(String scope) {
        return keys.apiKeys()
                .managedBy(keys.admin("north"))
                .issue(NewKey.named("Expiring").allowing(scope).expiringAt(EXPIRY));
    }

    private Reply get(String path, IssuedKey issued) {
        return client.get(path, "Authorization: Bearer " + issued.secret().reveal());
    }

    /** Commits the response immediately, so that a header that is added afterwards would be lost. */
    private static final class Flushing extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("X-Served", "yes");
            response.flushBuffer();
        }
    }
}
