package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import dev.keywright.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Base of the tests of the management endpoints, with an in-memory store and the session of an admin. */
@Tag("containers")
abstract class ManagementTest {

    static final String NOT_FOUND = "{\"error\":\"there is no such API key\"}";
    static final String OK = "{\"ok\":true}";
    static final long NOW = 1741564800000L;
    static final long HOUR = 3_600_000;

    final TestKeys keys = TestKeys.withScopes("read:interviews", "read:people", "write:people");
    final ApiKeys apiKeys = keys.apiKeys();
    final TenantKeys north = apiKeys.managedBy(keys.admin("north"));
    final TestBackend backend = TestBackend.managing(apiKeys);
    final RawHttpClient client = new RawHttpClient(backend);

    @AfterEach
    void stop() {
        backend.close();
    }

    Reply get(String below) {
        return send("GET", below, "");
    }

    Reply post(String below, String body) {
        return send("POST", below, body);
    }

    Reply send(String method, String below, String body) {
        return as(TestBackend.ADMIN, method, below, body);
    }

    Reply as(String token, String method, String below, String body) {
        return client.send(method, "/api/keys" + below, body, "Authorization: Bearer " + token);
    }

    boolean works(String secret) {
        return apiKeys.verify(secret) instanceof Verified;
    }

    boolean works(IssuedKey issued) {
        return works(issued.secret().reveal());
    }

    ApiKey current(IssuedKey issued) {
        return north.get(issued.key().id());
    }

    IssuedKey expiringIn(Duration lifetime) {
        return north.issue(NewKey.named("Expiring").allowing("read:people").expiringAfter(lifetime));
    }

    /** {@return the value of the first member with this name, at any depth of the body} */
    static String member(Reply reply, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(reply.body());
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in " + reply.body());
        }
        return matcher.group(1);
    }

    /** {@return the ids of a list, in order} */
    static List<String> ids(Reply reply) {
        return Pattern.compile("\\{\"id\":\"([^\"]+)\"")
                .matcher(reply.body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    static String error(String sentence) {
        return "{\"error\":\"" + sentence + "\"}";
    }

    /** {@return the five members that each key has, without braces} */
    static String plain(ApiKey key) {
        return "\"id\":\"" + key.id() + "\",\"name\":\"" + key.name() + "\",\"hint\":\"" + key.hint()
                + "\",\"scopes\":[\"" + key.scopes().toString().replace(" ", "\",\"") + "\"],\"created_at\":"
                + key.createdAt().toEpochMilli();
    }
}
