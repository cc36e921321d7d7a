package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes, rotation, bulk revocation, reports and leak reports, against the packaged portal in its own process. */
class PortalLifeIT {

    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    static Path folder;

    private static PortalProcess portal;
    private static Client admin;
    private static Client southAdmin;
    private static Client anonymous;

    @BeforeAll
    static void startPortal() throws Exception {
        portal = PortalProcess.listening(folder.resolve("data"));
        admin = portal.signedIn("Admin", "north");
        southAdmin = portal.signedIn("Admin", "south");
        anonymous = portal.client();
    }

    @AfterAll
    static void noErrorWasLogged() throws Exception {
        portal.stop();
        assertThat(portal.out()).hasSize(6);
        assertThat(portal.errorsExceptEvents()).isEmpty();
    }

    @BeforeEach
    void revokeAllKeys() {
        assertThat(admin.post("/api/keys/revoke-all", "{\"reason\": \"next test\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void keyIsReadWithAllMembers() {
        Map<String, Object> created = admin.create("Read", "read:people");
        Reply reply = admin.get(path(created));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.object().keySet())
                .containsExactly("id", "name", "hint", "scopes", "created_at", "version", "created_by");
        assertThat(reply.object()).containsEntry("version", 1L);
        assertThat(reply.get("created_by")).startsWith("person:");
    }

    @Test
    void renameAndRescopeFailOnConcurrentChange() {
        Map<String, Object> created = admin.create("Old name", "read:people");
        Client key = using(created);
        String change = "{\"version\": 1, \"name\": \"New name\", \"scopes\": [\"read:interviews\"]}";
        Reply changed = admin.patch(path(created), change);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.object()).containsEntry("name", "New name").containsEntry("version", 2L);
        assertThat(key.get("/api/people").status()).isEqualTo(403);
        assertThat(key.get("/api/interviews").status()).isEqualTo(200);
        assertThat(admin.patch(path(created), change).status()).isEqualTo(409);
        assertThat(southAdmin.patch(path(created), change).status()).isEqualTo(404);
    }

    @Test
    void linksLeadThroughAllPagesOfAStatus() {
        List<Object> revoked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Map<String, Object> goes = southAdmin.create("Goes", "read:people");
            southAdmin.delete(path(goes));
            revoked.add(goes.get("id"));
            southAdmin.create("Stays", "read:people");
        }
        List<Object> seen = new ArrayList<>();
        String next = "/api/keys?status=revoked&limit=2";
        while (!next.isEmpty()) {
            Reply page = southAdmin.get(next);
            page.objects().forEach(key -> seen.add(key.get("id")));
            assertThat(revoked).startsWith(seen.toArray());
            next = page.header("Link").replaceFirst("^<(\\?[^>]+)>; rel=\"next\"$", "/api/keys$1");
        }
        assertThat(seen).isEqualTo(revoked);
        assertThat(southAdmin.get("/api/keys?status=all").objects())
                .hasSizeGreaterThanOrEqualTo(6)
                .extracting(key -> key.get("id"))
                .containsAll(revoked);
        assertThat(southAdmin.get("/api/keys?status=active").objects())
                .hasSizeGreaterThanOrEqualTo(3)
                .extracting(key -> key.get("id"))
                .doesNotContainAnyElementsOf(revoked);
        assertThat(southAdmin.get("/api/keys?status=expired").objects()).isEmpty();
    }

    @Test
    void expiryIsStoredAndSentInBothHeaders() {
        Instant expiry = Instant.now().plus(90, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);
        Reply created = admin.post(
                "/api/keys",
                "{\"name\": \"Expiring\", \"scopes\": [\"read:people\"], \"expires_at\": " + expiry.toEpochMilli()
                        + "}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.object()).containsEntry("expires_at", expiry.toEpochMilli());
        Client key = using(created.object());
        for (Reply reply : List.of(key.get("/api/people"), key.get("/api/interviews"))) {
            assertThat(ZonedDateTime.parse(reply.header("Sunset"), DateTimeFormatter.RFC_1123_DATE_TIME))
                    .isEqualTo(expiry.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC));
            assertThat(Instant.parse(reply.header("API-Key-Expires")))
                    .isEqualTo(expiry.truncatedTo(ChronoUnit.SECONDS));
        }
        assertThat(admin.post(
                                "/api/keys",
                                "{\"name\": \"Expired\", \"scopes\": [\"read:people\"], \"expires_at\": 1741564800000}")
                        .error())
                .contains("expires_at");
    }

    @Test
    void rotationIsCompletedBeforeTheOverlapEnds() {
        Map<String, Object> old = admin.create("Rotated", "read:people");
        long earliest = System.currentTimeMillis();
        Reply rotated = admin.post(path(old) + "/rotate", "{\"overlap_hours\": 24}");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.object()).containsEntry("predecessor", old.get("id"));
        assertThat((Long) rotated.object().get("predecessor_expires_at"))
                .isBetween(earliest + DAY, System.currentTimeMillis() + DAY);
        assertThat(using(old).get("/api/people").status()).isEqualTo(200);
        assertThat(using(rotated.object()).get("/api/people").status()).isEqualTo(200);

        Reply progress = admin.get(path(old) + "/rotation?quiet_hours=1");
        assertThat(progress.object()).containsEntry("safe_to_end", false);
        assertThat(progress.get("sentence")).contains("it is not yet safe to end the old key now");
        assertThat(admin.post(path(old) + "/rotate", "{\"overlap_hours\": 24}").status())
                .isEqualTo(409);

        assertThat(admin.delete(path(old) + "/rotation").object()).isEqualTo(Map.of("ok", true));
        assertThat(using(old).get("/api/people").status()).isEqualTo(401);
        assertThat(using(rotated.object()).get("/api/people").status()).isEqualTo(200);
        assertThat(admin.get(path(old) + "/rotation?quiet_hours=1").object()).containsEntry("safe_to_end", true);
    }

    @Test
    void severalKeysAreRevokedWithAReason() {
        Map<String, Object> one = admin.create("One", "read:people");
        Map<String, Object> other = admin.create("Other", "read:people");
        Map<String, Object> stays = admin.create("Stays", "read:people");
        String body = "{\"ids\": [\"" + one.get("id") + "\", \"" + other.get("id") + "\"], \"reason\": \"tidied up\"}";
        assertThat(southAdmin.post("/api/keys/revoke", body).status()).isEqualTo(404);
        assertThat(admin.post("/api/keys/revoke", body).object()).isEqualTo(Map.of("ok", true));
        assertThat(using(one).get("/api/people").status()).isEqualTo(401);
        assertThat(using(other).get("/api/people").status()).isEqualTo(401);
        assertThat(using(stays).get("/api/people").status()).isEqualTo(200);
        assertThat(admin.get(path(one)).object()).containsEntry("revocation_reason", "tidied up");
    }

    @Test
    void revokeAllRevokesTheKeysOfTheDistrict() {
        Client mine = admin.usingKey("read:people");
        admin.create("Another one", "read:people");
        Client theirs = southAdmin.usingKey("read:people");
        assertThat(admin.post("/api/keys/revoke-all", "{\"reason\": \"a laptop was stolen\"}")
                        .object())
                .isEqualTo(Map.of("revoked", 2L));
        assertThat(admin.keys()).isEmpty();
        assertThat(mine.get("/api/people").status()).isEqualTo(401);
        assertThat(theirs.get("/api/people").status()).isEqualTo(200);
        assertThat(admin.usingKey("read:people").get("/api/people").status()).isEqualTo(200);
    }

    @Test
    void reportsListUnusedExpiringAndOtherPepperKeys() {
        Map<String, Object> used = admin.create("Used", "read:people", "write:people");
        Map<String, Object> unused = admin.create("Unused", "read:people");
        assertThat(using(used).get("/api/people").status()).isEqualTo(200);

        assertThat(admin.get("/api/keys/reports/unused?days=1").objects()).isEmpty();
        assertThat(admin.get("/api/keys/reports/unused?days=0").objects())
                .extracting(key -> key.get("id"))
                .contains(unused.get("id"));
        List<Map<String, Object>> scopes =
                admin.get("/api/keys/reports/unused-scopes").objects();
        assertThat(scopes).hasSize(2);
        assertThat(scopes.get(0))
                .containsEntry("unused", List.of("write:people"))
                .containsEntry("enough", List.of("read:people"));
        assertThat(scopes.get(1))
                .containsEntry("unused", List.of("read:people"))
                .doesNotContainKey("enough");

        admin.post(path(used) + "/rotate", "{\"overlap_hours\": 24}");
        assertThat(admin.get("/api/keys/reports/expiring?days=2").objects())
                .extracting(key -> key.get("id"))
                .containsExactly(used.get("id"));
        assertThat(admin.get("/api/keys/reports/other-peppers").objects()).isEmpty();
    }

    @Test
    void leakReportRevokesWithoutSessionAndRevealsNothing() {
        Map<String, Object> leaked = admin.create("Leaked", "read:people");
        Reply found = anonymous.post("/api/leaked-keys", leakedKey(leaked.get("key")));
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.object()).isEqualTo(Map.of("ok", true));
        assertThat(using(leaked).get("/api/people").status()).isEqualTo(401);
        assertThat(anonymous
                        .post("/api/leaked-keys", leakedKey("ck_" + "a".repeat(32)))
                        .withoutDate())
                .isEqualTo(found.withoutDate());
        assertThat(anonymous.post("/api/leaked-keys", leakedKey("ck_made_up")).status())
                .isEqualTo(400);
        assertThat(admin.get(path(leaked)).object())
                .containsEntry("revoked_by", "holder")
                .containsEntry("revocation_reason", "found");
        assertThat(anonymous.get("/api/leaked-keys").status()).isEqualTo(405);
        assertThat(anonymous.post("/api/leaked-keys/x", "{}").status()).isEqualTo(401);
    }

    @Test
    void noKeyCanManageKeys() {
        Map<String, Object> created = admin.create("Mighty", "read:people", "write:people");
        Client key = using(created);
        for (Reply reply : List.of(
                key.get(path(created)),
                key.patch(path(created), "{\"version\": 1, \"name\": \"x\"}"),
                key.post(path(created) + "/rotate", "{\"overlap_hours\": 0}"),
                key.get(path(created) + "/rotation?quiet_hours=1"),
                key.delete(path(created) + "/rotation"),
                key.post("/api/keys/revoke", "{\"ids\": [\"" + created.get("id") + "\"]}"),
                key.post("/api/keys/revoke-all", "{\"reason\": \"x\"}"),
                key.get("/api/keys?status=all"),
                key.get("/api/keys/reports/unused?days=0"),
                key.get("/api/keys/reports/unused-scopes"),
                key.get("/api/keys/reports/expiring?days=9"),
                key.get("/api/keys/reports/other-peppers"))) {
            assertThat(reply.status()).isEqualTo(403);
        }
        assertThat(admin.get(path(created)).object()).containsEntry("version", 1L);
    }

    private static String path(Map<String, Object> key) {
        return "/api/keys/" + key.get("id");
    }

    private static Client using(Map<String, Object> key) {
        return anonymous.withToken((String) key.get("key"));
    }

    private static String leakedKey(Object key) {
        return "{\"key\": \"" + key + "\", \"reason\": \"found\"}";
    }
}
