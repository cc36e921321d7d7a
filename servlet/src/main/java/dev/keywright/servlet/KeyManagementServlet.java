package dev.keywright.servlet;

import dev.keywright.ApiKeys;
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
 *   <li>{@code GET /api/keys} lists the active keys, oldest first; with {@code ?status=active|all|revoked|expired}, {@code
 *       limit} or {@code cursor} it gives a page, and the next one, relative to the request, in the header {@code Link} (RFC
 *       8288);
 *   <li>{@code POST /api/keys} with {@code {"name": "…", "scopes": ["…"], "expires_at": 1773100800000}} creates one, which
 *       ends by itself if it says when, and shows it this once;
 *   <li>{@code GET /api/keys/{id}} tells all that is known of one;
 *   <li>{@code PATCH /api/keys/{id}} with {@code {"version": 3, "name": "…", "scopes": ["…"]}} renames or re-scopes the one
 *       that had this version when it was read;
 *   <li>{@code DELETE /api/keys/{id}} revokes one;
 *   <li>{@code POST /api/keys/{id}/rotate} with {@code {"overlap_hours": 24}} creates its successor, shows that this once,
 *       and lets the old one go on for so long;
 *   <li>{@code GET /api/keys/{id}/rotation?quiet_hours=25} tells whether the old one can be ended already;
 *   <li>{@code DELETE /api/keys/{id}/rotation} ends the old one;
 *   <li>{@code POST /api/keys/revoke} with {@code {"ids": ["…"], "reason": "…"}} revokes up to 1000, whose reason need not
 *       be said;
 *   <li>{@code POST /api/keys/revoke-all} with {@code {"reason": "…"}} revokes all;
 *   <li>{@code GET /api/keys/reports/unused?days=90} lists those that were not used for so long, {@code
 *       …/reports/unused-scopes} what could be taken from them, {@code …/reports/expiring?days=30} those that end soon, and
 *       {@code …/reports/other-peppers} those that were issued under another pepper than the present one.
 * </ul>
 *
 * <p>It protects itself, whether an {@link ApiKeyFilter} stands before it or not: a request that carries an API key is
 * refused, whatever the key's scopes; one without a session too; and what a session may do, {@link ApiKeys#managedBy}
 * decides, before the body is read. A key of another tenant is answered as one that does not exist. Parameters and members
 * that it does not know are refused. Nothing of {@link ApiKeys#operatedBy} can be reached. Safe for use by many threads.
 */
public final class KeyManagementServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ApiKeys keys;
    private final transient SessionAuthentication sessions;
    private final transient FailureResponses failures = new FailureResponses();

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
        JsonResponse answer;
        try {
            answer = answer(request);
        } catch (RuntimeException e) {
            answer = failures.ofManagement(request, e);
        }
        answer.send(request, response);
    }

    private JsonResponse answer(HttpServletRequest request) {
        BearerCredentials presented = BearerCredentials.in(request, keys);
        return switch (presented.kind()) {
            case API_KEY ->
                keys.check(presented.token()).fold(valid -> ErrorResponses.KEYS_CANNOT_MANAGE, ErrorResponses::of);
            case REPEATED -> ErrorResponses.REPEATED;
            case MISPLACED -> ErrorResponses.MISPLACED;
            case NOTHING, OTHER_TOKEN -> {
                if (Collections.list(request.getHeaders("Authorization")).size() > 1) {
                    // The host may read another one of them than what stands before it.
                    yield ErrorResponses.REPEATED;
                }
                var session = sessions.authenticate(request);
                yield session.isPresent()
                        ? Endpoint.answer(request, keys.managedBy(session.get()))
                        : ErrorResponses.notAuthenticated(presented, "sign in to manage API keys");
            }
        };
    }
}
