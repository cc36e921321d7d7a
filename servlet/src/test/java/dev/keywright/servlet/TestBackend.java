package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.Session;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A district's back end on a real Jetty: data behind the filter, the management endpoints, and sessions of its own, whose
 * tokens are the names in {@link #SESSIONS}.
 */
final class TestBackend implements AutoCloseable {

    static final String ADMIN = "session-of-admin-in-north";
    static final String OFFICE = "session-of-office-in-north";
    static final String MENTOR = "session-of-mentor-in-north";
    static final String SOUTH = "session-of-admin-in-south";

    private static final Map<String, Session> SESSIONS = Map.of(
            ADMIN, person("north", "ada").withRoles("Admin"),
            OFFICE, person("north", "olga").withRoles("Office").withPermissions("Settings"),
            MENTOR, person("north", "mia").withRoles("Mentor"),
            SOUTH, person("south", "sam").withRoles("Admin"));

    // Few, so that a test can use them up.
    private final Server server = new Server(new QueuedThreadPool(10));
    private final ServerConnector connector = new ServerConnector(server);
    private final ServletContextHandler context = new ServletContextHandler("/");
    private final List<String> authenticated = new CopyOnWriteArrayList<>();

    private TestBackend() {
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.setHandler(context);
    }

    static TestBackend behind(Filter filter) {
        return new TestBackend().filtered(filter).serving(new Echo(), "/api/*").start();
    }

    /** Takes paths that Jetty refuses by itself, as other containers do. */
    static TestBackend takingAnyPathBehind(Filter filter) {
        TestBackend backend = new TestBackend().filtered(filter).serving(new Echo(), "/*");
        backend.connector
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration()
                .setUriCompliance(UriCompliance.UNSAFE);
        backend.context.getServletHandler().setDecodeAmbiguousURIs(true);
        return backend.start();
    }

    /** The management endpoints with nothing before them. */
    static TestBackend managing(ApiKeys keys) {
        return managingAt("/api/keys", keys);
    }

    static TestBackend managingAt(String path, ApiKeys keys) {
        return new TestBackend().management(keys, path).start();
    }

    static TestBackend managingIn(String contextPath, String path, ApiKeys keys) {
        TestBackend backend = new TestBackend().management(keys, path);
        backend.context.setContextPath(contextPath);
        return backend.start();
    }

    /** The management endpoints beside data, all of them behind a filter. */
    static TestBackend managingBehind(Filter filter, ApiKeys keys) {
        return new TestBackend()
                .filtered(filter)
                .serving(new Echo(), "/api/*")
                .management(keys, "/api/keys")
                .start();
    }

    /** What strangers may reach, beside the management endpoints. */
    static TestBackend takingLeakedKeys(ApiKeys keys) {
        return new TestBackend()
                .serving(new LeakedKeyServlet(keys), "/api/leaked-keys")
                .management(keys, "/api/keys")
                .start();
    }

    static TestBackend serving(HttpServlet servlet, Filter filter) {
        return new TestBackend().filtered(filter).serving(servlet, "/api/*").start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    }

    /** {@return the paths for which the host was asked whose session it is} */
    List<String> authenticated() {
        return authenticated;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private TestBackend filtered(Filter filter) {
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        return this;
    }

    private TestBackend serving(HttpServlet servlet, String path) {
        context.addServlet(new ServletHolder(servlet), path);
        return this;
    }

    private TestBackend management(ApiKeys keys, String path) {
        ServletHolder holder = new ServletHolder(new KeyManagementServlet(keys, this::session));
        context.addServlet(holder, path);
        context.addServlet(holder, path + "/*");
        return this;
    }

    private Optional<Session> session(HttpServletRequest request) {
        authenticated.add(request.getRequestURI());
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> header.startsWith("Bearer "))
                .map(header -> SESSIONS.get(header.substring("Bearer ".length())));
    }

    private TestBackend start() {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    private static Session person(String tenant, String user) {
        return Session.of(TenantId.of(tenant), UserId.of(user));
    }

    /** Says how the request came through. */
    private static final class Echo extends HttpServlet {

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
