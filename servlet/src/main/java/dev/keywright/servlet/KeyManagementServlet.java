package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.NoSuchKey;
import dev.keywright.TenantKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;

/**
 * Lets signed-in people manage the API keys of their tenant. The host maps it to a path and to all below it, for example
 * {@code /api/keys} and {@code /api/keys/*}:
 *
 * <ul>
 *   <li>{@code GET /api/keys} lists the active keys, oldest first;
 *   <li>{@code POST /api/keys} with {@code {"name": "…", "scopes": ["…"]}} creates one, and shows it this once;
 *   <li>{@code DELETE /api/keys/{id}} revokes one.
 * </ul>
 *
 * <p>It protects itself, whether an {@link ApiKeyFilter} stands before it or not: a request that carries an API key is
 * refused, whatever the key's scopes; one without a session too; and what a session may do, {@link ApiKeys#managedBy}
 * decides, before the body is read. A key of another tenant is answered as one that does not exist. Safe for use by many
 * threads.
 */
public final class KeyManagementServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ApiKeys keys;
    private final transient SessionAuthentication sessions;

    /**
     * Makes the servlet.
     *
     * @param keys the keys to be managed
     * @param sessions says who is signed in
     */
    public KeyManagementServlet(ApiKeys keys, SessionAuthentication sessions) {
        this.keys = Objects.requireNonNull(keys);
        this.sessions = Objects.requireNonNull(sessions);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer answer;
        try {
            answer = answer(request);
        } catch (RuntimeException e) {
            answer = Failures.ofManagement(request, e);
        }
        answer.send(request, response);
    }

    private Answer answer(HttpServletRequest request) throws IOException {
        Presented presented = Presented.in(request, keys);
        return switch (presented.kind()) {
            case API_KEY -> keys.verify(presented.token()).fold(valid -> Refusals.KEYS_CANNOT_MANAGE, Refusals::of);
            case REPEATED -> Refusals.REPEATED;
            case NOTHING, OTHER_TOKEN -> {
                if (Collections.list(request.getHeaders("Authorization")).size() > 1) {
                    // The host may read another one of them than what stands before it.
                    yield Refusals.REPEATED;
                }
                var session = sessions.authenticate(request);
                yield session.isPresent()
                        ? manage(request, keys.managedBy(session.get()))
                        : Refusals.notAuthenticated(presented, "sign in to manage API keys");
            }
        };
    }

    private static Answer manage(HttpServletRequest request, TenantKeys keys) throws IOException {
        String below = request.getPathInfo();
        return below == null ? all(request, keys) : one(request, keys, idIn(below));
    }

    private static Answer all(HttpServletRequest request, TenantKeys keys) throws IOException {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> Answer.of(200, Json.keys(keys.list()));
            // The type that the body claims to have is not looked at. That rule would keep forms of other sites out,
            // and they cannot send the header in which a session comes.
            case "POST" -> {
                String body = Body.read(request);
                yield Answer.of(201, Json.issued(keys.issue(CreateRequest.parse(body))));
            }
            default -> notAllowed("GET, HEAD, POST");
        };
    }

    private static Answer one(HttpServletRequest request, TenantKeys keys, KeyId id) {
        if (!request.getMethod().equals("DELETE")) {
            return notAllowed("DELETE");
        }
        keys.revoke(id, "");
        return Answer.of(200, Json.ok());
    }

    private static KeyId idIn(String below) {
        try {
            return KeyId.of(below.substring(1));
        } catch (IllegalArgumentException e) {
            // An id that cannot exist is no more there than any other that does not.
            throw new NoSuchKey();
        }
    }

    private static Answer notAllowed(String methods) {
        return Answer.error(405, "allowed here: " + methods).with("Allow", methods);
    }
}
