package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.KeyFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.SettableClock;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is complete and correct: each path, method, status, header and member occurs. */
class OpenApiTest {

    private static final int MAX_KEYS = 12;
    private static final Pepper OLD_PEPPER = pepper("the pepper before the current one");
    private static final Pepper PEPPER = pepper("a pepper that is used in tests only");

    private final KeyStore store = new InMemoryKeyStore();
    private final SettableClock clock = SettableClock.at(Instant.parse("2025-03-10T00:00:00Z"));
    private final SecureRandom random = new SecureRandom();
    private final BrowserSessions browsers = new BrowserSessions(random, clock);
    private final DemoSessions sessions = new DemoSessions(random, browsers);
    private volatile RuntimeException failure;
    private Runnable maintenance = () -> {};
    private String leaked;
    private Server server;
    private Client anonymous;
    private Client admin;
    private Client mentor;
    private OpenApi openApi;

    @BeforeEach
    void start() throws Exception {
        leaked = keys(OLD_PEPPER)
                .managedBy(DemoPerson.all().get(0).session())
                .issue(NewKey.named("Old pepper").allowing("read:people"))
                .secret()
                .reveal();
        server = WebServer.on(0, keys(PEPPER, OLD_PEPPER), sessions, browsers);
        server.start();
        anonymous = new Client(server.getURI());
        admin = anonymous.withToken(token("Admin", "north"));
        mentor = anonymous.withToken(token("Mentor", "north"));
        openApi = new OpenApi(anonymous.get("/openapi.json").text());
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void documentIsPublicAndReadOnly() {
        assertThat(anonymous.get("/openapi.json").status()).isEqualTo(200);
        assertThat(admin.get("/openapi.json").text())
                .isEqualTo(anonymous.get("/openapi.json").text());
        for (String method : List.of("POST", "TRACE", "DELETE")) {
            Reply reply = admin.send(method, "/openapi.json", BodyPublishers.noBody());
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }
        assertThat(admin.usingKey("read:people").get("/openapi.json").status()).isEqualTo(403);
    }

    @Test
    void documentIsOpenApiAndNamesAllMethods() {
        assertThat((String) openApi.document().get("openapi")).matches("3\\.1\\.\\d");
        Set<Object> names = new TreeSet<>();
        openApi.operations().forEach((operation, content) -> {
            assertThat(names.add(content.get("operationId"))).as(operation).isTrue();
            String path = operation.substring(operation.indexOf(' ') + 1);
            Map<String, Object> item =
                    OpenApi.map(OpenApi.map(openApi.document().get("paths")).get(path));
            assertThat(item.containsKey("parameters")).as(operation).isEqualTo(path.contains("{"));
            // The response to an unsupported method lists the supported ones.
            Reply reply = admin.send("PUT", path.replace("{id}", "none"), BodyPublishers.noBody());
            assertThat(reply.status()).as(operation).isEqualTo(405);
            Set<String> allowed = new TreeSet<>(List.of(reply.header("Allow").split(", ")));
            allowed.remove("HEAD");
            Set<String> documented = new TreeSet<>();
            item.keySet().stream()
                    .filter(method -> !method.equals("parameters"))
                    .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT)));
            assertThat(allowed).as(operation).isEqualTo(documented);
        });
    }

    @Test
    void responsesAndDocumentCoverEachOther() {
        sendValidRequests();
        sendConflictingRequests();
        String key = anonymous
                .withToken(token("Admin", "south"))
                .create("Not for management", "read:people")
                .get("key")
                .toString();
        for (String operation : openApi.operations().keySet()) {
            sendRejectedRequests(operation);
            sendRequestsWithKeys(operation, key);
        }
        assertThat(openApi.seen()).isEqualTo(openApi.described());
        assertThat(openApi.schemas().members()).isEqualTo(openApi.schemas().describedMembers());
    }

    @Test
    void examplesAreValid() {
        assertThat(openApi.schemas().checkExamples()).isGreaterThan(5);
    }

    @Test
    void ownKeysFollowTheDocument() {
        Client teacher = anonymous.withToken(token("Teacher", "north"));
        Reply created = send(teacher, "POST /api/keys", "", "{\"name\":\"Mine\",\"scopes\":[\"read:people\"]}", 201);
        assertThat(created.get("owner")).isEqualTo("person:north-teacher");
        send(teacher, "GET /api/keys", "", "", 200);
        send(teacher, "GET /api/keys/{id}", created.get("id"), "", 200);
        send(teacher, "POST /api/keys/revoke-all", "", "{\"reason\":\"x\"}", 403);
        Object other = admin.create("Not of the teacher", "read:people").get("id");
        send(teacher, "GET /api/keys/{id}", other.toString(), "", 404);
        send(teacher, "DELETE /api/keys/{id}", created.get("id"), "", 200);
    }

    private void sendValidRequests() {
        String newKey = "{\"name\":\"Reader\",\"scopes\":[\"read:people\",\"write:people\"],\"expires_at\":%d}"
                .formatted(clock.instant().plus(Duration.ofDays(20)).toEpochMilli());
        Reply created = good("POST /api/keys", "", newKey);
        String id = created.get("id");
        assertThat(anonymous.withToken(created.get("key")).get("/api/people").status())
                .isEqualTo(200);
        maintenance.run();
        good("GET /api/keys", "", "");
        good("GET /api/keys", "?status=all&limit=1", "");
        Reply page = good("GET /api/keys", "?status=active&limit=1", "");
        Reply found = good(
                "GET /api/keys",
                "?owner=person:x&created_by=person:x&environment=test&scope=read:people&name=x&q=x&hint=o5p6"
                        + "&attribute=plan:pro&created_from=1&created_before=2&last_used_from=1&last_used_before=2"
                        + "&expires_from=1&expires_before=2&order=-last_used",
                "");
        assertThat(found.objects()).isEmpty();
        good("GET /api/keys", page.header("Link").replaceAll("<[^?]*(\\?.*)>.*", "$1"), "");
        good("GET /api/keys/{id}", id, "");
        good(
                "PATCH /api/keys/{id}",
                id,
                "{\"version\":1,\"name\":\"Renamed\",\"scopes\":[\"read:people\",\"write:people\"]}");
        sendValidDetails();
        good("GET /api/keys/reports/unused", "?days=0", "");
        good("GET /api/keys/reports/unused-scopes", "", "");
        good("GET /api/keys/reports/expiring", "?days=30", "");
        good("GET /api/keys/reports/other-peppers", "", "");
        Reply rotated = good("POST /api/keys/{id}/rotate", id, "{\"overlap_hours\":24}");
        good("GET /api/keys", "", "");
        good("GET /api/keys", "?status=all", "");
        String other =
                admin.create("Rotated without overlap", "read:people").get("id").toString();
        Reply withoutOverlap = good("POST /api/keys/{id}/rotate", other, "{\"overlap_hours\":0}");
        assertThat(withoutOverlap.object()).doesNotContainKey("predecessor_expires_at");
        good("GET /api/keys/{id}/rotation", id + "?quiet_hours=1", "");
        good("DELETE /api/keys/{id}/rotation", id, "");
        good("POST /api/leaked-keys", "", "{\"key\":\"" + rotated.get("key") + "\",\"reason\":\"found in a log\"}");
        good("GET /api/keys", "?status=revoked", "");
        good("POST /api/keys/revoke", "", "{\"ids\":[\"" + id + "\"],\"reason\":\"no longer needed\"}");
        good("DELETE /api/keys/{id}", id, "");
        good("POST /api/keys/revoke-all", "", "{\"reason\":\"incident\"}");
    }

    /** Keys with all details, suspended and resumed, rotated into another format, and revoked with their owner. */
    private void sendValidDetails() {
        String details = "\"owner\":\"person:north-teacher\",\"description\":\"For the payroll\","
                + "\"attributes\":{\"plan\":\"pro\"}}";
        String newKey = "{\"name\":\"Detailed\",\"scopes\":[\"read:people\"]," + details;
        String test = newKey.replace("{\"name\"", "{\"environment\":\"test\",\"name\"");
        String suspended = good("POST /api/keys", "", test).get("id");
        good("POST /api/keys/{id}/suspend", suspended, "{\"reason\":\"unusual traffic\"}");
        good("POST /api/keys/{id}/suspend", suspended, "");
        good("GET /api/keys", "", "");
        good("GET /api/keys", "?status=all", "");
        String plain = good("POST /api/keys", "", newKey).get("id");
        good("POST /api/keys/{id}/rotate", plain, "{\"overlap_hours\":0,\"prefix\":\"portal_test_\"}");
        Reply resumed = good("POST /api/keys/{id}/resume", suspended, "");
        Reply changed = good(
                "PATCH /api/keys/{id}",
                suspended,
                "{\"version\":" + resumed.get("version") + ",\"owner\":null,\"description\":null}");
        good("PATCH /api/keys/{id}", suspended, "{\"version\":" + changed.get("version") + "," + details);
        good(
                "POST /api/keys/revoke-owned",
                "",
                "{\"owner\":\"person:north-teacher\",\"reason\":\"left\",\"also_created\":true}");
    }

    private void sendConflictingRequests() {
        Client named = admin.withIdempotencyKey("8e03978e-40d5-43dd-bc93-6fbdbd9a5c5b");
        send(named, "POST /api/keys", "", "{\"name\":\"x\",\"scopes\":[\"read:people\"]}", 201);
        Reply repeated = send(named, "POST /api/keys", "", "{\"name\":\"x\",\"scopes\":[\"read:people\"]}", 409);
        assertThat(repeated.object().keySet()).isEqualTo(Set.of("error", "id"));
        admin.delete("/api/keys/" + repeated.get("id"));
        String id = admin.create("Conflicting", "read:people").get("id").toString();
        send(admin, "PATCH /api/keys/{id}", id, "{\"version\":7,\"name\":\"x\"}", 409);
        send(admin, "GET /api/keys/{id}/rotation", id + "?quiet_hours=1", "", 409);
        send(admin, "DELETE /api/keys/{id}/rotation", id, "", 409);
        admin.delete("/api/keys/" + id);
        send(admin, "POST /api/keys/{id}/rotate", id, "{\"overlap_hours\":1}", 409);
        send(admin, "POST /api/keys/{id}/suspend", id, "", 409);
        send(admin, "POST /api/keys/{id}/resume", id, "", 409);
        for (int i = 0; i < MAX_KEYS; i++) {
            admin.create("One of many", "read:people");
        }
        send(admin, "POST /api/keys", "", "{\"name\":\"x\",\"scopes\":[\"read:people\"]}", 409);
    }

    private void sendRejectedRequests(String operation) {
        boolean open = operation.endsWith("/leaked-keys");
        String body = switch (operation) {
            case "POST /api/keys" -> "{\"name\":\"x\",\"scopes\":[\"read:people\"]}";
            case "POST /api/keys/revoke" -> "{\"ids\":[\"none\"]}";
            case "POST /api/keys/revoke-all" -> "{\"reason\":\"x\"}";
            case "POST /api/keys/revoke-owned" -> "{\"owner\":\"person:x\",\"reason\":\"x\"}";
            case "PATCH /api/keys/{id}" -> "{\"version\":1,\"name\":\"x\"}";
            case "POST /api/keys/{id}/rotate" -> "{\"overlap_hours\":1}";
            case "POST /api/leaked-keys" -> "{\"key\":\"" + leaked + "\"}";
            default -> "";
        };
        String rest = (operation.contains("{id}") ? "none" : "")
                + (operation.endsWith("/rotation") && operation.startsWith("GET") ? "?quiet_hours=1" : "")
                + (operation.matches(".*/(unused|expiring)") ? "?days=1" : "");
        send(open ? anonymous : admin, operation, (operation.contains("{id}") ? "none" : "") + "?unknown=1", body, 400);
        if (!open) {
            send(anonymous, operation, rest, body, 401);
            send(mentor, operation, rest, body, 403);
        }
        if (operation.contains("{id}") || body.contains("ids")) {
            send(admin, operation, rest, body, 404);
        }
        failure = new StoreUnavailableException("the store is down", null);
        send(open ? anonymous : admin, operation, rest, body, 503);
        failure = new IllegalStateException("unexpected");
        send(open ? anonymous : admin, operation, rest, body, 500);
        failure = null;
    }

    /** Keys are rejected before the request is read, on all paths without a route for them. */
    private void sendRequestsWithKeys(String operation, String key) {
        String rest = operation.contains("{id}") ? "none" : "";
        String unknown = key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a");
        send(anonymous.withToken(unknown), operation, rest, "", 401);
        send(anonymous.withToken(key), operation, rest, "", 403);
        send(anonymous.withAuthorization("Bearer " + key, "Bearer " + key), operation, rest, "", 400);
    }

    private Reply good(String operation, String rest, String body) {
        openApi.checkBody(operation, body);
        checkParameters(operation, rest);
        Client client = operation.endsWith("/leaked-keys") ? anonymous : admin;
        return send(client, operation, rest, body, operation.matches("POST /api/keys(/.*/rotate)?") ? 201 : 200);
    }

    private void checkParameters(String operation, String rest) {
        List<String> named = Pattern.compile("[?&](\\w+)=")
                .matcher(rest)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        List<?> described = OpenApi.list(openApi.operations().get(operation).getOrDefault("parameters", List.of()));
        assertThat(described.stream().map(parameter -> OpenApi.map(parameter).get("name")))
                .containsAll(List.copyOf(named));
    }

    private Reply send(Client client, String operation, String rest, String body, int status) {
        String[] parts = operation.split(" ", 2);
        String query = rest.contains("?") ? rest.substring(rest.indexOf('?')) : "";
        String path = parts[1].replace("{id}", rest.replace(query, "")) + query;
        Reply reply = client.send(parts[0], path, BodyPublishers.ofString(body));
        assertThat(reply.status()).as("%s: %s", operation, reply.text()).isEqualTo(status);
        openApi.check(operation, reply);
        return reply;
    }

    private ApiKeys keys(Pepper issuing, Pepper... accepted) {
        KeyStore failing = new ForwardingKeyStore() {
            @Override
            protected KeyStore delegate() {
                if (failure != null) {
                    throw failure;
                }
                return store;
            }
        };
        return Keywright.builder()
                .store(failing)
                .scopes(ScopeCatalog.of("read:people", "list and get people")
                        .and("write:people", "create and update people")
                        .and("read:interviews", "list and get interviews")
                        .and("write:interviews", "create and update interviews"))
                .pepper(issuing, accepted)
                .formats(KeyFormat.DEFAULT, Portal.TEST_FORMAT)
                .ownKeys(Portal.OWN_KEYS)
                .maxActiveKeys(MAX_KEYS)
                .clock(clock)
                .maintenanceScheduler(task -> maintenance = task)
                .build();
    }

    private static Pepper pepper(String text) {
        return Pepper.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String token(String person, String district) {
        String start = "session token for " + person + " in district " + district + ": ";
        return sessions.tokenLines()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow();
    }
}
