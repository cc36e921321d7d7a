package dev.keywright.examples.portal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** HTTP client of the portal, with or without credentials. */
final class Client {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI portal;
    private final List<String> authorizations;
    private final Optional<String> idempotencyKey;

    Client(URI portal) {
        this(portal, List.of(), Optional.empty());
    }

    private Client(URI portal, List<String> authorizations, Optional<String> idempotencyKey) {
        this.portal = portal;
        this.authorizations = authorizations;
        this.idempotencyKey = idempotencyKey;
    }

    Client withToken(String token) {
        return withAuthorization("Bearer " + token);
    }

    /** Returns a client that sends exactly these Authorization headers. */
    Client withAuthorization(String... values) {
        return new Client(portal, List.of(values), idempotencyKey);
    }

    /** Returns a client that names its requests. */
    Client withIdempotencyKey(String name) {
        return new Client(portal, authorizations, Optional.of(name));
    }

    Reply get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    Reply delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    Reply post(String path, String body) {
        return send("POST", path, BodyPublishers.ofString(body));
    }

    Reply post(String path, byte[] body) {
        return send("POST", path, BodyPublishers.ofByteArray(body));
    }

    Reply put(String path, String body) {
        return send("PUT", path, BodyPublishers.ofString(body));
    }

    Reply patch(String path, String body) {
        return send("PATCH", path, BodyPublishers.ofString(body));
    }

    Reply send(String method, String path, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(portal.resolve(path));
        request.method(method, body).timeout(Duration.ofSeconds(30));
        authorizations.forEach(value -> request.header("Authorization", value));
        idempotencyKey.ifPresent(name -> request.header("Idempotency-Key", name));
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Creates a key and returns the members of the response. */
    Map<String, Object> create(String name, String... scopes) {
        Reply reply = post("/api/keys", createBody(name, scopes));
        if (reply.status() != 201) {
            throw new AssertionError(reply);
        }
        return reply.object();
    }

    /** Creates a key and returns a client that uses it. */
    Client usingKey(String... scopes) {
        return withToken((String) create("Test key", scopes).get("key"));
    }

    /** Returns the active keys without their last use, which is written asynchronously. */
    List<Map<String, Object>> keys() {
        List<Map<String, Object>> keys = get("/api/keys").objects();
        keys.forEach(key -> key.remove("last_used_at"));
        return keys;
    }

    static String createBody(String name, String... scopes) {
        String list = Arrays.stream(scopes).map(scope -> '"' + scope + '"').collect(Collectors.joining(", "));
        return "{\"name\": \"" + name + "\", \"scopes\": [" + list + "]}";
    }
}
