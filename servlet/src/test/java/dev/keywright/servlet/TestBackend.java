package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.ManagementSession;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Back end in a real container: an {@link Echo} behind the filter, the management endpoints, and sessions, whose tokens are the
 * keys of {@link #SESSIONS}.
 */
final class TestBackend implements AutoCloseable {

    static final String ADMIN = "session-of-admin-in-north";
    static final String OFFICE = "session-of-office-in-north";
    static final String MENTOR = "session-of-mentor-in-north";
    static final String SOUTH = "session-of-admin-in-south";

    private static final Map<String, ManagementSession> SESSIONS = Map.of(
            ADMIN, session("north", "ada").withRoles("Admin"),
            OFFICE, session("north", "olga").withRoles("Office").withPermissions("Settings"),
            MENTOR, session("north", "mia").withRoles("Mentor"),
            SOUTH, session("south", "sam").withRoles("Admin"));

    private final WebApp app;
    private final List<String> authenticated = new CopyOnWriteArrayList<>();

    private Container.@Nullable Running running;

    private TestBackend() {
        this(new WebApp());
    }

    private TestBackend(WebApp app) {
        this.app = app;
    }

    static TestBackend behind(Filter filter) {
        return serving(new Echo(), filter);
    }

    /** Accepts paths that most containers reject by default. */
    static TestBackend lenientBehind(Filter filter) {
        return of(new WebApp().lenient().filter(filter, "/*").servlet(new Echo(), "/*"));
    }

    /** The management endpoints without a filter. */
    static TestBackend managing(ApiKeys keys) {
        return managingAt("/api/keys", keys);
    }

    static TestBackend managingAt(String path, ApiKeys keys) {
        return managingIn("", path, keys);
    }

    static TestBackend managingIn(String contextPath, String path, ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.app.contextPath(contextPath);
        return backend.management(keys, path).start();
    }

    /** The management endpoints and an {@link Echo} behind a filter. */
    static TestBackend managingBehind(Filter filter, ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.app.filter(filter, "/*").servlet(new Echo(), "/api/*");
        return backend.management(keys, "/api/keys").start();
    }

    /** The servlet for leaked keys and the management endpoints, without a filter. */
    static TestBackend withLeakedKeyServlet(ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.app.servlet(new LeakedKeyServlet(keys), "/api/leaked-keys");
        return backend.management(keys, "/api/keys").start();
    }

    static TestBackend serving(HttpServlet servlet, Filter filter) {
        return of(new WebApp().filter(filter, "/*").servlet(servlet, "/api/*"));
    }

    static TestBackend of(WebApp app) {
        return new TestBackend(app).start();
    }

    /** {@return whether the container of this run has the quirk} */
    static boolean has(Container.Quirk quirk) {
        return Container.current().quirks().contains(quirk);
    }

    InetSocketAddress address() {
        return Objects.requireNonNull(running).address();
    }

    /** {@return the paths of the requests that the host was asked to authenticate} */
    List<String> authenticated() {
        return authenticated;
    }

    @Override
    public void close() {
        Objects.requireNonNull(running).close();
    }

    private TestBackend management(ApiKeys keys, String path) {
        app.servlet(new KeyManagementServlet(keys, this::session), path, path + "/*");
        return this;
    }

    private Optional<ManagementSession> session(HttpServletRequest request) {
        authenticated.add(request.getRequestURI());
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> header.startsWith("Bearer "))
                .map(header -> SESSIONS.get(header.substring("Bearer ".length())));
    }

    private TestBackend start() {
        running = Container.current().start(app);
        return this;
    }

    private static ManagementSession session(String tenant, String user) {
        return ManagementSession.of(TenantId.of(tenant), UserId.of(user));
    }

    /** Responds with the principal of the request as text. */
    static final class Echo extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.setHeader("X-Served", "yes");
            if (request.getUserPrincipal() instanceof ApiKeyPrincipal principal) {
                response.getWriter()
                        .print("key " + principal.getName() + " of " + principal.tenant() + " as "
                                + request.getRemoteUser() + " by " + request.getAuthType());
            } else {
                response.getWriter()
                        .print("no key, principal " + request.getUserPrincipal() + ", header "
                                + request.getHeader("Authorization"));
            }
        }
    }
}
