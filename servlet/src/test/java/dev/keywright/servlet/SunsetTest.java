package dev.keywright.servlet;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class SunsetTest {

    private static final Instant EXPIRY = Instant.parse("2025-04-05T06:07:08.999Z");
    private static final String HEADER = "Sat, 05 Apr 2025 06:07:08 GMT";

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
    void sunsetHeaderIsEnglishAndTruncatedToSeconds() {
        Reply reply = get("/api/people", expiring("read:people"));
        assertThat(reply.wasServed()).isTrue();
        assertThat(reply.header("Sunset")).isEqualTo(HEADER);
    }

    @Test
    void rejectionOfActiveKeyHasSunsetHeader() {
        Reply missingScope = get("/api/people", expiring("write:people"));
        assertThat(missingScope.status()).isEqualTo(403);
        assertThat(missingScope.header("Sunset")).isEqualTo(HEADER);
        Reply withoutRoute = get("/api/other", expiring("read:people"));
        assertThat(withoutRoute.status()).isEqualTo(403);
        assertThat(withoutRoute.header("Sunset")).isEqualTo(HEADER);
    }

    @Test
    void onlyExpiringKeysGetASunsetHeader() {
        assertThat(get("/api/people", keys.active("north")).header("Sunset")).isEmpty();
        assertThat(get("/api/other", keys.active("north")).header("Sunset")).isEmpty();
        assertThat(client.get("/api/people", "Authorization: Bearer " + TestBackend.ADMIN)
                        .header("Sunset"))
                .isEmpty();
    }

    @Test
    void inactiveKeyGetsNoSunsetHeader() {
        IssuedKey expired = expiring("read:people");
        IssuedKey revoked = expiring("read:people");
        keys.apiKeys().managedBy(keys.admin("north")).revoke(revoked.key().id(), "");
        keys.clock().set(EXPIRY);
        assertThat(get("/api/people", expired).status()).isEqualTo(401);
        assertThat(get("/api/people", expired).header("Sunset")).isEmpty();
        assertThat(get("/api/people", revoked)).isEqualTo(get("/api/people", expired));
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
