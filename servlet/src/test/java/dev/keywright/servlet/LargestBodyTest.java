package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.KeyFormat;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A key whose fields all have their maximum length, written with every character beyond ASCII escaped. */
@Tag("containers")
class LargestBodyTest {

    private static final String SESSION = "Authorization: Bearer " + TestBackend.ADMIN;
    private static final int MAX_BYTES = 64 * 1024;
    private static final List<String> SCOPES =
            IntStream.range(100, 200).mapToObj(i -> "s".repeat(61) + i).toList();
    private static final String ATTRIBUTES = IntStream.range(10, 26)
            .mapToObj(i -> "\"" + "a".repeat(38) + i + "\":\"" + escaped(200) + "\"")
            .collect(Collectors.joining(","));

    /** The members that both creation and a change can have. */
    private static final String MEMBERS =
            "\"name\":\"" + escaped(100) + "\",\"scopes\":[\"" + String.join("\",\"", SCOPES)
                    + "\"],\"owner\":\"service:" + escaped(128) + "\",\"description\":\"" + escaped(1000)
                    + "\",\"attributes\":{" + ATTRIBUTES + "}";

    private final ApiKeys apiKeys = Keywright.builder()
            .store(new InMemoryKeyStore())
            .scopes(catalog())
            .pepper(Pepper.none())
            .formats(KeyFormat.DEFAULT, KeyFormat.prefix("acme_").environment("e".repeat(24)))
            .build();
    private final TenantKeys north = apiKeys.managedBy(
            ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"));
    private final TestBackend backend = TestBackend.managing(apiKeys);
    private final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
        apiKeys.close();
    }

    private static ScopeCatalog catalog() {
        ScopeCatalog catalog = ScopeCatalog.of("other", "other");
        for (String scope : SCOPES) {
            catalog = catalog.and(scope, "one of many");
        }
        return catalog;
    }

    /** {@return characters of four bytes in UTF-8, each as two escapes} */
    private static String escaped(int count) {
        return "\\uD83D\\uDE00".repeat(count);
    }

    @Test
    void largestKeyIsCreated() {
        String body = "{" + MEMBERS + ",\"expires_at\":253402300799999,\"environment\":\"" + "e".repeat(24) + "\"}";
        Reply created = client.send("POST", "/api/keys", padded(body), SESSION);

        assertThat(created.status()).isEqualTo(201);
        assertLargest(onlyKey());
        assertTooLarge(client.send("POST", "/api/keys", padded(body) + " ", SESSION));
        assertLargest(onlyKey());
    }

    @Test
    void keyIsChangedToTheLargest() {
        client.send("POST", "/api/keys", "{\"name\":\"Small\",\"scopes\":[\"other\"]}", SESSION);
        String path = "/api/keys/" + onlyKey().id();
        String body = "{\"version\":1," + MEMBERS + "}";

        assertTooLarge(client.send("PATCH", path, padded(body) + " ", SESSION));
        assertThat(onlyKey().name()).hasToString("Small");
        assertThat(client.send("PATCH", path, padded(body), SESSION).status()).isEqualTo(200);
        assertLargest(onlyKey());
    }

    private static String padded(String body) {
        return body + " ".repeat(MAX_BYTES - body.length());
    }

    private ApiKey onlyKey() {
        List<KeyId> ids = north.stream(KeyQuery.all()).map(ApiKey::id).toList();
        assertThat(ids).hasSize(1);
        return north.get(ids.get(0));
    }

    private static void assertLargest(ApiKey key) {
        assertThat(key.scopes().asList()).map(Scope::value).isEqualTo(SCOPES);
        assertThat(key.description().orElseThrow()).isEqualTo("\uD83D\uDE00".repeat(1000));
        assertThat(key.attributes().asMap()).hasSize(16);
    }

    private static void assertTooLarge(Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"the body must not be larger than 64 KiB\"}");
    }
}
