package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.KeyOwner;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.OwnKeyPolicy;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person without the permission to manage keys, whom the host permits own keys, manages these and no others. */
@Tag("containers")
class OwnKeysTest {

    private static final String NOT_FOUND = "{\"error\":\"there is no such API key\"}";
    private static final String CREATE = "{\"name\":\"Mine\",\"scopes\":[\"read:people\"]}";

    private final ApiKeys apiKeys = Keywright.builder()
            .store(new InMemoryKeyStore())
            .scopes(ScopeCatalog.of("read:people", "list and get people").and("write:people", "change people"))
            .pepper(Pepper.none())
            .ownKeys(OwnKeyPolicy.upTo("read:people")
                    .maxLifetime(Duration.ofDays(30))
                    .permittedFor(session -> session.roles().contains("Mentor")))
            .build();
    private final TenantKeys north = tenant("north");
    private final TestBackend backend = TestBackend.managing(apiKeys);
    private final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
        apiKeys.close();
    }

    @Test
    void personCreatesListsReadsRotatesAndRevokesOwnKeys() {
        Reply created = mentor("POST", "", CREATE);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).contains("\"owner\":\"person:mia\"", "\"expires_at\":");
        String id = ManagementTest.member(created, "id");
        assertThat(mentor("GET", "", "").body()).contains(id);
        assertThat(mentor("GET", "?status=all&limit=1", "").body()).contains(id);
        assertThat(mentor("GET", "/" + id, "").body()).contains("\"created_by\":\"person:mia\"");
        Reply rotated = mentor("POST", "/" + id + "/rotate", "{\"overlap_hours\":24}");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(works(ManagementTest.member(rotated, "key"))).isTrue();
        assertThat(mentor("DELETE", "/" + id + "/rotation", "").status()).isEqualTo(200);
        assertThat(works(ManagementTest.member(created, "key"))).isFalse();
        assertThat(mentor("DELETE", "/" + ManagementTest.member(rotated, "id"), "")
                        .status())
                .isEqualTo(200);
        assertThat(works(ManagementTest.member(rotated, "key"))).isFalse();
    }

    @Test
    void listHasOwnKeysOnly() {
        IssuedKey own = ownedBy("person:mia");
        ownedBy("person:olga");
        ownedBy("service:mia");
        north.issue(NewKey.named("Without an owner").allowing("read:people"));
        tenant("south").issue(NewKey.named("South").allowing("read:people").ownedBy(KeyOwner.parse("person:mia")));
        for (String query : List.of("", "?status=all", "?limit=5")) {
            assertThat(ManagementTest.ids(mentor("GET", query, "")))
                    .containsExactly(own.key().id().value());
        }
        assertThat(ManagementTest.ids(as(TestBackend.ADMIN, "GET", "?status=all", "")))
                .hasSize(4);
    }

    @Test
    void otherKeysAreMissing() {
        List<IssuedKey> others = List.of(
                ownedBy("person:olga"),
                ownedBy("service:mia"),
                north.issue(NewKey.named("Without an owner").allowing("read:people")),
                tenant("south")
                        .issue(NewKey.named("South").allowing("read:people").ownedBy(KeyOwner.parse("person:mia"))));
        for (IssuedKey other : others) {
            String id = "/" + other.key().id();
            for (String[] request : new String[][] {
                {"GET", id, ""},
                {"DELETE", id, ""},
                {"POST", id + "/rotate", "{\"overlap_hours\":1}"},
                {"DELETE", id + "/rotation", ""}
            }) {
                Reply reply = mentor(request[0], request[1], request[2]);
                assertThat(reply.status()).as(String.join(" ", request)).isEqualTo(404);
                assertThat(reply.body()).isEqualTo(NOT_FOUND);
            }
            assertThat(works(other.secret().reveal())).isTrue();
        }
    }

    @Test
    void everythingElseIsForbidden() {
        IssuedKey own = ownedBy("person:mia");
        List<String> permitted = List.of(
                "GET /keys",
                "POST /keys",
                "GET /keys/{id}",
                "DELETE /keys/{id}",
                "POST /keys/{id}/rotate",
                "DELETE /keys/{id}/rotation");
        int forbidden = 0;
        for (ManagementRequest request : ManagementRequest.all(own.key().id())) {
            String endpoint = request.method() + " "
                    + request.endpointPath().replace(own.key().id().value(), "{id}");
            if (!permitted.contains(endpoint)) {
                Reply reply = client.send(request.method(), request.path(), request.body(), mentorHeader());
                assertThat(reply.status()).as(endpoint).isEqualTo(403);
                assertThat(reply.body()).startsWith("{\"error\":\"you may not manage API keys");
                forbidden++;
            }
        }
        assertThat(forbidden).isEqualTo(Endpoint.TABLE.size() - permitted.size());
        assertThat(north.get(own.key().id())).isEqualTo(own.key());
    }

    @Test
    void limitsOfOwnKeysApply() {
        for (String body : List.of(
                "{\"name\":\"x\",\"scopes\":[\"write:people\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read:people\"],\"owner\":\"person:olga\"}",
                "{\"name\":\"x\",\"scopes\":[\"read:people\"],\"owner\":\"service:mia\"}")) {
            assertThat(mentor("POST", "", body).status()).isEqualTo(403);
        }
        Reply tooLong =
                mentor("POST", "", "{\"name\":\"x\",\"scopes\":[\"read:people\"],\"expires_at\":253402300799999}");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body()).startsWith("{\"error\":\"expires_at ");
        Reply prefix = mentor(
                "POST", "/" + ownedBy("person:mia").key().id() + "/rotate", "{\"overlap_hours\":1,\"prefix\":\"x_\"}");
        assertThat(prefix.status()).isEqualTo(400);
        assertThat(prefix.body()).startsWith("{\"error\":\"prefix ");
        assertThat(north.stream(KeyQuery.all())).hasSize(1);
    }

    @Test
    void personWithThePermissionManagesAllKeys() {
        IssuedKey own = ownedBy("person:mia");
        for (String token : List.of(TestBackend.ADMIN, TestBackend.OFFICE)) {
            assertThat(ManagementTest.ids(as(token, "GET", "", "")))
                    .containsExactly(own.key().id().value());
        }
        Reply created = as(TestBackend.ADMIN, "POST", "", "{\"name\":\"x\",\"scopes\":[\"write:people\"]}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).doesNotContain("owner", "expires_at");
    }

    @Test
    void unknownPathIsMissingAndUnsupportedMethodIsNotAllowed() {
        assertThat(mentor("GET", "/a/b/c", "").status()).isEqualTo(404);
        assertThat(mentor("PUT", "", "").status()).isEqualTo(405);
    }

    private IssuedKey ownedBy(String owner) {
        return north.issue(NewKey.named("Owned").allowing("read:people").ownedBy(KeyOwner.parse(owner)));
    }

    private TenantKeys tenant(String tenant) {
        return apiKeys.managedBy(
                ManagementSession.of(TenantId.of(tenant), UserId.of("admin")).withRoles("Admin"));
    }

    private boolean works(String secret) {
        return apiKeys.verify(secret) instanceof Verified;
    }

    private static String mentorHeader() {
        return "Authorization: Bearer " + TestBackend.MENTOR;
    }

    private Reply mentor(String method, String below, String body) {
        return as(TestBackend.MENTOR, method, below, body);
    }

    private Reply as(String token, String method, String below, String body) {
        return client.send(method, "/api/keys" + below, body, "Authorization: Bearer " + token);
    }
}
