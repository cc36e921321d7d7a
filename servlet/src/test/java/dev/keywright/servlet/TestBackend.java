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
 * A district's back end in a real container: data behind the filter, the management endpoints, and sessions of its own, whose
 * tokens are the names in {@link #SESSIONS}.
 */
final class TestBackend implements AutoCloseable {

    static final String ADMIN = "session-of-admin-in-north";
    static final String OFFICE = "session-of-office-in-north";
    static final String MENTOR = "session-of-mentor-in-north";
    static final String SOUTH = "session-of-admin-in-south";

    private static final Map<String, ManagementSession> SESSIONS = Map.of(
            ADMIN, person("north", "ada").withRoles("Admin"),
            OFFICE, person("north", "olga").withRoles("Office").withPermissions("Settings"),
            MENTOR, person("north", "mia").withRoles("Mentor"),
            SOUTH, person("south", "sam").withRoles("Admin"));

    private final WebApp site;
    private final List<String> authenticated = new CopyOnWriteArrayList<>();

    private Container.@Nullable Running running;

    private TestBackend() {
        this(new WebApp());
    }

    private TestBackend(WebApp site) {
        this.site = site;
    }

    static TestBackend behind(Filter filter) {
        return serving(new Echo(), filter);
    }

    /** Takes paths that most containers refuse by themselves. */
    static TestBackend takingAnyPathBehind(Filter filter) {
        return of(new WebApp().leniently().filter(filter, "/*").serve(new Echo(), "/*"));
    }

    /** The management endpoints with nothing before them. */
    static TestBackend managing(ApiKeys keys) {
        return managingAt("/api/keys", keys);
    }

    static TestBackend managingAt(String path, ApiKeys keys) {
        return managingIn("", path, keys);
    }

    static TestBackend managingIn(String contextPath, String path, ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.site.in(contextPath);
        return backend.management(keys, path).start();
    }

    /** The management endpoints beside data, all of them behind a filter. */
    static TestBackend managingBehind(Filter filter, ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.site.filter(filter, "/*").serve(new Echo(), "/api/*");
        return backend.management(keys, "/api/keys").start();
    }

    /** What strangers may reach, beside the management endpoints. */
    static TestBackend takingLeakedKeys(ApiKeys keys) {
        TestBackend backend = new TestBackend();
        backend.site.serve(new LeakedKeyServlet(keys), "/api/leaked-keys");
        return backend.management(keys, "/api/keys").start();
    }

    static TestBackend serving(HttpServlet servlet, Filter filter) {
        return of(new WebApp().filter(filter, "/*").serve(servlet, "/api/*"));
    }

    static TestBackend of(WebApp site) {
        return new TestBackend(site).start();
    }

    /** {@return whether the container of this run does so} */
    static boolean has(Container.Quirk quirk) {
        return Container.ofThisRun().quirks().contains(quirk);
    }

    InetSocketAddress address() {
        return Objects.requireNonNull(running).address();
    }

    /** {@return the paths for which the host was asked whose session it is} */
    List<String> authenticated() {
        return authenticated;
    }

    @Override
    public void close() {
        Objects.requireNonNull(running).close();
    }

    private TestBackend management(ApiKeys keys, String path) {
        site.serve(new KeyManagementServlet(keys, this::session), path, path + "/*");
        return this;
    }

    private Optional<ManagementSession> session(HttpServletRequest request) {
        authenticated.add(request.getRequestURI());
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> header.startsWith("Bearer "))
                .map(header -> SESSIONS.get(header.substring("Bearer ".length())));
    }

    private TestBackend start() {
        running = Container.ofThisRun().start(site);
        return this;
    }

    private static ManagementSession person(String tenant, String user) {
        return ManagementSession.of(TenantId.of(tenant), UserId.of(user));
    }

    /** Says how the request came through. */
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
