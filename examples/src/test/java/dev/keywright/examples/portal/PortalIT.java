package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the HTTP contract of the packaged portal in its own process. {@link Reply} asserts the rules for all responses, such as the
 * shape of an error.
 */
class PortalIT {

    private static final String[] ALL_SCOPES = {"read:people", "write:people", "read:interviews", "write:interviews"};
    private static final String PERSON = "{\"name\": \"Björk Þórsdóttir\", \"role\": \"Teacher\"}";
    private static final String INTERVIEW =
            "{\"person\": \"Ada Lindqvist\", \"date\": \"2026-04-01\", \"topic\": \"Half-term\"}";

    @TempDir
    static Path folder;

    private static PreparedKeys prepared;
    private static PortalProcess portal;
    private static Client admin;
    private static Client office;
    private static Client mentor;
    private static Client southAdmin;
    private static Client anonymous;

    @BeforeAll
    static void startPortal() throws Exception {
        prepared = PreparedKeys.in(folder.resolve("data"));
        portal = PortalProcess.listening(folder.resolve("data"));
        admin = portal.signedIn("Admin", "north");
        office = portal.signedIn("Office", "north");
        mentor = portal.signedIn("Mentor", "north");
        southAdmin = portal.signedIn("Admin", "south");
        anonymous = portal.client();
    }

    @AfterAll
    static void noErrorWasLogged() throws Exception {
        portal.stop();
        assertThat(portal.out()).hasSize(6);
        assertThat(portal.errorsExceptEvents()).isEmpty();
    }

    @Nested
    class KeysAndScopes {

        @Test
        void keyHasPrefixAnd32LowerCaseCharacters() {
            assertThat((String) admin.create("Shape", "read:people").get("key")).matches("ck_[0-9a-z]{32}");
        }

        @Test
        void sessionTokensAreLongAndLackTheKeyPrefix() {
            Set<String> tokens = new HashSet<>();
            for (String person : List.of("Admin", "Office", "Mentor")) {
                tokens.add(portal.sessionToken(person, "north"));
            }
            tokens.add(portal.sessionToken("Admin", "south"));
            assertThat(tokens).hasSize(4).allMatch(token -> token.length() >= 43 && !token.startsWith("ck_"));
        }

        @Test
        void hintIsTheLastFourCharactersOfTheKey() {
            Map<String, Object> created = admin.create("Hint", "read:people");
            assertThat((String) created.get("key")).endsWith((String) created.get("hint"));
            assertThat((String) created.get("hint")).hasSize(4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"read:people", "write:people", "read:interviews", "write:interviews"})
        void scopeAllowsOnlyItsOwnOperations(String scope) {
            Client key = admin.usingKey(scope);
            checkAccess(scope, "read:people", key.get("/api/people"), 200);
            checkAccess(scope, "read:people", key.get("/api/people/1"), 200);
            checkAccess(scope, "write:people", key.post("/api/people", PERSON), 201);
            checkAccess(scope, "write:people", key.put("/api/people/2", PERSON), 200);
            checkAccess(scope, "read:interviews", key.get("/api/interviews"), 200);
            checkAccess(scope, "read:interviews", key.get("/api/interviews/1"), 200);
            checkAccess(scope, "write:interviews", key.post("/api/interviews", INTERVIEW), 201);
            checkAccess(scope, "write:interviews", key.put("/api/interviews/1", INTERVIEW), 200);
        }

        private static void checkAccess(String has, String needs, Reply reply, int success) {
            assertThat(reply.status())
                    .as("key with %s, operation requires %s", has, needs)
                    .isEqualTo(has.equals(needs) ? success : 403);
        }

        @Test
        void adminAndSettingsPermissionMayManageKeys() {
            for (Client person : List.of(admin, office)) {
                Map<String, Object> created = person.create("Managed", "read:people");
                assertThat(ids(person)).contains(created.get("id"));
                assertThat(person.delete("/api/keys/" + created.get("id")).status())
                        .isEqualTo(200);
            }
        }

        @Test
        void otherRolesMayNotManageKeys() {
            Object id = admin.create("Not the mentor's", "read:people").get("id");
            List<Map<String, Object>> keysBefore = admin.keys();

            assertThat(mentor.get("/api/keys").status()).isEqualTo(403);
            assertThat(mentor.post("/api/keys", Client.createBody("x", "read:people"))
                            .status())
                    .isEqualTo(403);
            assertThat(mentor.delete("/api/keys/" + id).status()).isEqualTo(403);
            assertThat(mentor.delete("/api/keys/unknown").status()).isEqualTo(403);
            assertThat(admin.keys()).isEqualTo(keysBefore);
        }
    }

    @Nested
    class Listing {

        @Test
        void activeKeysAreListedOldestFirst() {
            List<Object> created = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                created.add(southAdmin.create("Number " + i, "read:people").get("id"));
            }
            assertThat(ids(southAdmin)).endsWith(created.toArray());
        }

        @Test
        void keyIsListedWithExactlyFiveMembers() {
            long earliest = System.currentTimeMillis();
            Map<String, Object> created = admin.create("Reporting Script", "write:people", "read:interviews");
            long latest = System.currentTimeMillis();

            Map<String, Object> listed = listed(admin, created.get("id"));
            assertThat(listed.keySet()).containsExactly("id", "name", "hint", "scopes", "created_at");
            assertThat(listed.get("name")).isEqualTo("Reporting Script");
            assertThat(listed.get("scopes")).isEqualTo(List.of("write:people", "read:interviews"));
            assertThat((Long) listed.get("created_at")).isBetween(earliest, latest);
        }

        @Test
        void expiringKeyIsListedUntilItsExpiry() {
            Map<String, Object> expiring =
                    listed(admin, prepared.expiring().key().id().value());
            assertThat(expiring.keySet()).containsExactly("id", "name", "hint", "scopes", "created_at", "expires_at");
            assertThat(expiring.get("expires_at"))
                    .isEqualTo(
                            prepared.expiring().key().expiresAt().orElseThrow().toEpochMilli());
            assertThat(anonymous
                            .withToken(prepared.expiring().secret().reveal())
                            .get("/api/people")
                            .status())
                    .isEqualTo(200);
            assertThat(ids(admin)).doesNotContain(prepared.expired().key().id().value());
        }

        @Test
        void keyItselfIsNeverListed() {
            String key = (String) admin.create("Seen once", "read:people").get("key");
            assertThat(admin.get("/api/keys").text()).doesNotContain(key, key.substring(3, 31), "ck_");
        }

        @Test
        void scopesKeepTheOrderOfTheRequest() {
            String[] requested = {"write:interviews", "read:people", "write:people", "read:interviews"};
            Map<String, Object> created = admin.create("Order", requested);
            assertThat(created.get("scopes")).isEqualTo(List.of(requested));
            assertThat(listed(admin, created.get("id")).get("scopes")).isEqualTo(List.of(requested));
        }

        @Test
        void revokedKeyIsNotListed() {
            Object id = admin.create("Gone", "read:people").get("id");
            assertThat(ids(admin)).contains(id);
            admin.delete("/api/keys/" + id);
            assertThat(ids(admin)).doesNotContain(id);
        }

        @Test
        void districtSeesItsOwnKeysOnly() {
            Object north = admin.create("North's", "read:people").get("id");
            Object south = southAdmin.create("South's", "read:people").get("id");
            assertThat(ids(admin)).contains(north).doesNotContain(south);
            assertThat(ids(southAdmin)).contains(south).doesNotContain(north);
        }

        @Test
        void anotherAdminOfTheDistrictSeesTheSameKeys() {
            admin.create("Shared", "read:people");
            assertThat(office.keys()).isEqualTo(admin.keys());
        }
    }

    @Nested
    class Creating {

        @Test
        void responseIsTheListedKeyAndItsText() {
            Reply reply = admin.post("/api/keys", Client.createBody("Payroll – Lohn 薪", "read:people"));
            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.object().keySet()).containsExactly("id", "name", "key", "hint", "scopes", "created_at");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");

            Map<String, Object> withoutKey = reply.object();
            withoutKey.remove("key");
            assertThat(listed(admin, reply.get("id"))).isEqualTo(withoutKey);
            assertThat(reply.get("name")).isEqualTo("Payroll – Lohn 薪");
        }

        @Test
        void namesNeedNotBeUnique() {
            Map<String, Object> one = admin.create("Twin", "read:people");
            Map<String, Object> other = admin.create("Twin", "read:people");
            assertThat(one.get("id")).isNotEqualTo(other.get("id"));
            assertThat(one.get("key")).isNotEqualTo(other.get("key"));
        }

        @Test
        void newKeyWorksImmediately() {
            assertThat(admin.usingKey("read:people").get("/api/people").status())
                    .isEqualTo(200);
        }
    }

    @Nested
    class Revoking {

        @Test
        void responseIsOk() {
            Object id = admin.create("To be revoked", "read:people").get("id");
            Reply reply = admin.delete("/api/keys/" + id);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.object()).isEqualTo(Map.of("ok", true));
        }

        @Test
        void nextRequestIsRejected() {
            Map<String, Object> created = admin.create("Immediate", ALL_SCOPES);
            Client key = anonymous.withToken((String) created.get("key"));
            assertThat(key.get("/api/people").status()).isEqualTo(200);

            admin.delete("/api/keys/" + created.get("id"));

            assertThat(key.get("/api/people").status()).isEqualTo(401);
            assertThat(key.post("/api/interviews", INTERVIEW).status()).isEqualTo(401);
            assertThat(key.get("/api/keys").status()).isEqualTo(401);
        }

        @Test
        void revokingAgainIsIdempotent() {
            Map<String, Object> created = admin.create("Twice", "read:people");
            Reply first = admin.delete("/api/keys/" + created.get("id"));
            List<Map<String, Object>> keysBefore = admin.keys();

            assertThat(admin.delete("/api/keys/" + created.get("id")).withoutDate())
                    .isEqualTo(first.withoutDate());
            assertThat(admin.keys()).isEqualTo(keysBefore);
            assertThat(anonymous
                            .withToken((String) created.get("key"))
                            .get("/api/people")
                            .status())
                    .isEqualTo(401);
        }

        @Test
        void keysOfOtherDistrictsLookUnknown() {
            Map<String, Object> foreign = southAdmin.create("South's own", "read:people");
            Reply otherDistrict = admin.delete("/api/keys/" + foreign.get("id"));
            Reply unknown = admin.delete("/api/keys/key_0123456789abcdef");
            Reply malformed = admin.delete("/api/keys/k%C3%BCchen");

            assertThat(otherDistrict.status()).isEqualTo(404);
            assertThat(unknown.withoutDate()).isEqualTo(otherDistrict.withoutDate());
            assertThat(malformed.withoutDate()).isEqualTo(otherDistrict.withoutDate());
            assertThat(ids(southAdmin)).contains(foreign.get("id"));
            assertThat(anonymous
                            .withToken((String) foreign.get("key"))
                            .get("/api/people")
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void otherKeysStayActive() {
            Client active = admin.usingKey("read:people");
            admin.delete("/api/keys/" + admin.create("Goes", "read:people").get("id"));
            assertThat(active.get("/api/people").status()).isEqualTo(200);
        }
    }

    @Nested
    class UsingAKey {

        @Test
        void missingTokenIsChallengedWithoutAnError() {
            for (String path : List.of("/api/people", "/api/interviews/1", "/api/keys")) {
                Reply reply = anonymous.get(path);
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.challenge()).startsWith("Bearer").doesNotContain("error");
            }
        }

        @Test
        void allInactiveKeysGetTheSameResponse() {
            Map<String, Object> created = admin.create("Revoked", "read:people");
            admin.delete("/api/keys/" + created.get("id"));
            List<String> others = List.of(
                    "ck_",
                    "ck_short",
                    "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
                    prepared.unknown().secret().reveal(),
                    prepared.expired().secret().reveal());
            for (String path : List.of("/api/people", "/api/keys", "/api/people/nowhere")) {
                Reply revoked = anonymous
                        .withToken((String) created.get("key"))
                        .get(path)
                        .withoutDate();
                assertThat(revoked.status()).isEqualTo(401);
                assertThat(revoked.challenge()).startsWith("Bearer").contains("error=\"invalid_token\"");
                for (String other : others) {
                    assertThat(anonymous.withToken(other).get(path).withoutDate())
                            .isEqualTo(revoked);
                }
            }
        }

        @Test
        void missingScopeIsNamed() {
            Reply reply = admin.usingKey("write:people", "read:interviews").get("/api/people");
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.challenge())
                    .startsWith("Bearer")
                    .contains("error=\"insufficient_scope\"", "scope=\"read:people\"");
            assertThat(reply.error()).contains("read:people");
        }

        @Test
        void schemeIsCaseInsensitive() {
            String key = (String) admin.create("Case", "read:people").get("key");
            for (String scheme : List.of("bearer", "BEARER", "bEaReR")) {
                assertThat(anonymous
                                .withAuthorization(scheme + " " + key)
                                .get("/api/people")
                                .status())
                        .isEqualTo(200);
            }
        }

        @Test
        void keyInTheQueryIsIgnored() {
            String key =
                    (String) admin.create("Only in the header", "read:people").get("key");
            assertThat(anonymous.get("/api/people?access_token=" + key).status())
                    .isEqualTo(401);
        }

        @Test
        void sessionTokenIsPassedToThePortal() {
            for (Client person : List.of(admin, office, mentor)) {
                assertThat(person.get("/api/people").status()).isEqualTo(200);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api/people", "/api/keys"})
        void unknownSessionTokenIsInvalid(String path) {
            Reply reply = anonymous.withToken("0123456789abcdef").get(path);
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.challenge()).startsWith("Bearer").contains("error=\"invalid_token\"");
        }

        @Test
        void pathWithoutRouteIsForbiddenForKeys() {
            Client key = admin.usingKey(ALL_SCOPES);
            assertThat(key.get("/").status()).isEqualTo(403);
            assertThat(key.get("/api/people/1/").status()).isEqualTo(403);
            assertThat(key.delete("/api/people/1").status()).isEqualTo(403);
            assertThat(anonymous.get("/nothing").status()).isEqualTo(404);
            assertThat(admin.get("/api/nothing").status()).isEqualTo(404);
        }
    }

    @Nested
    class Data {

        @ParameterizedTest
        @CsvSource({"people,role,Head teacher", "interviews,topic,Plans"})
        void createdResourceIsListedReadAndUpdated(String kind, String field, String value) {
            Client key = admin.usingKey(ALL_SCOPES);
            String first = kind.equals("people") ? PERSON : INTERVIEW;
            Reply created = key.post("/api/" + kind, first);
            String path = "/api/" + kind + "/" + created.get("id");

            assertThat(created.object()).containsAllEntriesOf(Json.object(first));
            assertThat(key.get(path).object()).isEqualTo(created.object());
            assertThat(key.get("/api/" + kind).objects()).contains(created.object());

            String second = first.replace((String) Json.object(first).get(field), value);
            Reply updated = key.put(path, second);
            assertThat(updated.get(field)).isEqualTo(value);
            assertThat(key.get(path).object()).isEqualTo(updated.object());
            assertThat(mentor.get(path).object()).as("for a person").isEqualTo(updated.object());
        }

        @ParameterizedTest
        @ValueSource(strings = {"people", "interviews"})
        void dataOfOtherDistrictsLooksUnknown(String kind) {
            Client north = admin.usingKey(ALL_SCOPES);
            Client south = southAdmin.usingKey(ALL_SCOPES);
            String body = kind.equals("people") ? PERSON : INTERVIEW;
            Reply foreign = south.post("/api/" + kind, body);
            String path = "/api/" + kind + "/" + foreign.get("id");
            Reply unknown = north.get("/api/" + kind + "/no-such-id");

            assertThat(unknown.status()).isEqualTo(404);
            assertThat(north.get(path).withoutDate()).isEqualTo(unknown.withoutDate());
            assertThat(north.put(path, body).withoutDate()).isEqualTo(unknown.withoutDate());
            assertThat(admin.get(path).withoutDate()).as("for a person").isEqualTo(unknown.withoutDate());
            assertThat(north.get("/api/" + kind).objects()).doesNotContain(foreign.object());
            assertThat(south.get(path).object()).isEqualTo(foreign.object());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "no JSON",
                    "[]",
                    "{}",
                    "{\"name\": \"x\"}",
                    "{\"name\": \"x\", \"role\": 7}",
                    "{\"name\": \"x\", \"role\": null}",
                    "{\"name\": \" \", \"role\": \"x\"}",
                    "{\"name\": \"x\", \"role\": \"\\ud800\"}",
                    "{\"name\": \"x\", \"role\": \"a\\u0000b\"}",
                    "{\"name\": \"x\", \"role\": \"y\", \"tenant\": \"south\"}",
                    "{\"name\": \"x\", \"role\": \"y\", \"id\": \"1\"}",
                    "{\"name\": \"x\", \"name\": \"y\", \"role\": \"z\"}",
                    "{\"name\": \"x\", \"role\": \"y\"} {}"
                })
        void invalidBodyIsRejectedWithoutWriting(String body) {
            Client key = admin.usingKey("read:people", "write:people");
            List<Map<String, Object>> keysBefore = key.get("/api/people").objects();

            assertThat(key.post("/api/people", body).status()).isEqualTo(400);
            assertThat(key.put("/api/people/1", body).status()).isEqualTo(400);
            assertThat(key.get("/api/people").objects()).isEqualTo(keysBefore);
        }

        @Test
        void headReturnsNoBody() {
            Client key = admin.usingKey("read:people");
            for (String path : List.of("/api/people", "/api/people/1")) {
                Reply head = key.send("HEAD", path, BodyPublishers.noBody());
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.text()).isEmpty();
            }
        }

        @Test
        void unsupportedMethodListsTheAllowedOnes() {
            Reply reply = admin.delete("/api/people/1");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, PUT");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // All of 127.0.0.0/8 is loopback there.
    void listensOnOneLoopbackAddressOnly() throws Exception {
        try (Socket socket = new Socket()) {
            InetSocketAddress other =
                    new InetSocketAddress("127.0.0.2", portal.address().getPort());
            assertThatThrownBy(() -> socket.connect(other, 5_000)).isInstanceOf(IOException.class);
        }
    }

    private static List<Object> ids(Client person) {
        return person.keys().stream().map(key -> key.get("id")).toList();
    }

    private static Map<String, Object> listed(Client person, Object id) {
        return person.keys().stream()
                .filter(key -> key.get("id").equals(id))
                .findFirst()
                .orElseThrow();
    }
}
