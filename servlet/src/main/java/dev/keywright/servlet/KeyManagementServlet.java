package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.management.ManagementSession;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;

/**
 * Lets signed-in users manage the API keys of their tenant. The host maps it to a path and all paths below, for example {@code
 * /api/keys} and {@code /api/keys/*}:
 *
 * <ul>
 *   <li>{@code GET /api/keys} lists the active keys, oldest first. With any parameter it returns a page of keys with all their
 *       members, and a relative link to the next page in the header {@code Link} (RFC 8288). The parameters are {@code
 *       status=active|suspended|revoked|expired|all}; the filters {@code owner}, {@code created_by}, {@code environment}, {@code
 *       scope}, {@code name} (its start), {@code q} (a part of the name), {@code hint} and {@code attribute=<name>:<value>}; the
 *       intervals {@code created_from} to {@code created_before} (exclusive), {@code last_used_…} and {@code expires_…}, in Unix
 *       milliseconds; {@code order=created|name|last_used|expires}, with a minus in front for descending order; {@code limit} and
 *       {@code cursor};
 *   <li>{@code POST /api/keys} with {@code {"name": "…", "scopes": ["…"], "expires_at": 1773100800000, "environment": "test",
 *       "owner": "person:u12", "description": "…", "attributes": {"plan": "pro"}}} creates a key and returns its text, which is
 *       never shown again; all but name and scopes are optional. The optional header {@code Idempotency-Key} names the request:
 *       for a day after it has created a key, another request with the same name creates none (409, with the {@code id} of the
 *       key);
 *   <li>{@code GET /api/keys/{id}} returns all members of a key;
 *   <li>{@code PATCH /api/keys/{id}} with {@code {"version": 3, "name": "…", "scopes": ["…"], "owner": "service:payroll",
 *       "description": "…", "attributes": {}}} changes the given members of a key, if its version is still the given one; a null
 *       removes the owner or the description, and attributes are replaced as a whole;
 *   <li>{@code DELETE /api/keys/{id}} revokes a key;
 *   <li>{@code POST /api/keys/{id}/suspend} with {@code {"reason": "…"}}, which is optional, suspends a key until {@code POST
 *       /api/keys/{id}/resume}; during a rotation, the other key is still accepted;
 *   <li>{@code POST /api/keys/{id}/rotate} with {@code {"overlap_hours": 24, "prefix": "acme_live_"}} creates a successor and
 *       returns its text, which is never shown again; the predecessor expires after the overlap; the optional prefix moves the
 *       key to another format;
 *   <li>{@code GET /api/keys/{id}/rotation?quiet_hours=25} reports whether it is safe to revoke the predecessor;
 *   <li>{@code DELETE /api/keys/{id}/rotation} revokes the predecessor;
 *   <li>{@code POST /api/keys/revoke} with {@code {"ids": ["…"], "reason": "…"}} revokes up to 1000 keys; the reason is optional;
 *   <li>{@code POST /api/keys/revoke-all} with {@code {"reason": "…"}} revokes all keys;
 *   <li>{@code POST /api/keys/revoke-owned} with {@code {"owner": "person:u12", "reason": "…", "also_created": true}} revokes all
 *       keys of an owner, and on request the keys that the person created, of any owner;
 *   <li>{@code GET /api/keys/reports/unused?days=90} lists the keys without use in that time, {@code …/reports/unused-scopes}
 *       the keys with scopes that they do not use, {@code …/reports/expiring?days=30} the keys that expire within that time, and
 *       {@code …/reports/other-peppers} the keys that were issued under another pepper than the current one.
 * </ul>
 *
 * <p>The servlet needs no {@link ApiKeyFilter} in front: it rejects a request that carries an API key, whatever the scopes, and a
 * request without a session. {@link ApiKeys#managedBy} decides whether the session may manage keys, before the body is read. A
 * person who may not, but whom {@link ApiKeys#ownKeysOf} permits own keys, can list, create, read, rotate and revoke these, and complete
 * their rotations; any other key is unknown to this person, and any other endpoint is forbidden. The
 * response for a key of another tenant is the same as for an unknown key. Unknown parameters and members are rejected. No
 * operation of {@link ApiKeys#operatedBy} is reachable. Thread-safe.
 */
public final class KeyManagementServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ApiKeys keys;
    private final transient SessionAuthentication sessions;
    private final transient FailureResponses failures = new FailureResponses();

    /**
     * Creates the servlet.
     *
     * @param keys the keys to manage
     * @param sessions authenticates the user of a request
     */
    public KeyManagementServlet(ApiKeys keys, SessionAuthentication sessions) {
        this.keys = Objects.requireNonNull(keys);
        this.sessions = Objects.requireNonNull(sessions);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonResponse result;
        try {
            result = handle(request);
        } catch (RuntimeException e) {
            result = failures.ofManagement(request, e);
        }
        result.send(request, response);
    }

    private JsonResponse handle(HttpServletRequest request) {
        BearerCredentials credentials = BearerCredentials.in(request, keys);
        return switch (credentials.kind()) {
            case API_KEY ->
                keys.check(credentials.token()).fold(valid -> ErrorResponses.KEYS_CANNOT_MANAGE, ErrorResponses::of);
            case REPEATED -> ErrorResponses.REPEATED;
            case MISPLACED -> ErrorResponses.MISPLACED;
            case NONE, OTHER_TOKEN -> {
                if (Collections.list(request.getHeaders("Authorization")).size() > 1) {
                    // The host and a proxy in front of it may each use a different one.
                    yield ErrorResponses.REPEATED;
                }
                var session = sessions.authenticate(request);
                yield session.isPresent()
                        ? handle(request, session.get())
                        : ErrorResponses.unauthenticated(credentials, "sign in to manage API keys");
            }
        };
    }

    private JsonResponse handle(HttpServletRequest request, ManagementSession session) {
        return keys.isLimitedToOwnKeys(session)
                ? Endpoint.handleOwn(request, keys.ownKeysOf(session), () -> keys.managedBy(session))
                : Endpoint.handle(request, keys.managedBy(session));
    }
}
