package dev.keywright.examples.portal;

import dev.keywright.ApiKeys;
import dev.keywright.servlet.ApiKeyFilter;
import dev.keywright.servlet.KeyManagementServlet;
import dev.keywright.servlet.LeakedKeyServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Configures the web server. A request passes the API key filter, the session filter, then the servlet.
 *
 * <p>The key filter comes first and is mapped to all paths: a servlet that is added without a route is closed to keys.
 */
final class WebServer {

    /** The path of leak reports, which needs no session. */
    private static final String LEAKED_KEYS = "/api/leaked-keys";

    private WebServer() {}

    /** {@return the server, not yet started} */
    static Server on(int port, ApiKeys keys, DemoSessions sessions, BrowserSessions browsers) {
        ServletContextHandler context = new ServletContextHandler("/");
        filter(context, "/*", new UnreadBodyFilter());
        filter(context, "/*", new SecurityHeadersFilter());
        filter(context, "/*", apiKeyFilter(keys));
        filter(context, "/api/*", new SessionFilter(sessions, LEAKED_KEYS));
        serve(context, "/api/keys", new KeyManagementServlet(keys, sessions));
        context.addServlet(new ServletHolder(new LeakedKeyServlet(keys)), LEAKED_KEYS);
        serve(context, "/api/people", new ResourceServlet(DemoData.people()));
        serve(context, "/api/interviews", new ResourceServlet(DemoData.interviews()));
        context.addServlet(new ServletHolder(new MeServlet(sessions, keys)), "/api/me");
        ServletHolder settings = new ServletHolder(new SettingsServlet(browsers));
        // The empty mapping is the context root only.
        for (String path : List.of("", "/settings", "/settings/*")) {
            context.addServlet(settings, path);
        }
        ServletHolder signIn = new ServletHolder(new SignInServlet(sessions, browsers));
        context.addServlet(signIn, SignInServlet.SIGN_IN);
        context.addServlet(signIn, SignInServlet.SIGN_OUT);
        context.addServlet(new ServletHolder(new OpenApiServlet()), "/openapi.json");
        context.addServlet(new ServletHolder(new NotFoundServlet()), "/");

        JsonErrorHandler errors = new JsonErrorHandler();
        context.setErrorHandler(errors);
        Server server = new Server();
        server.setErrorHandler(errors);
        server.addConnector(connector(server, port));
        server.setHandler(context);
        return server;
    }

    private static Filter apiKeyFilter(ApiKeys keys) {
        return ApiKeyFilter.verifying(keys)
                .allowing("GET", "/api/people", "read:people")
                .allowing("GET", "/api/people/{id}", "read:people")
                .allowing("POST", "/api/people", "write:people")
                .allowing("PUT", "/api/people/{id}", "write:people")
                .allowing("GET", "/api/interviews", "read:interviews")
                .allowing("GET", "/api/interviews/{id}", "read:interviews")
                .allowing("POST", "/api/interviews", "write:interviews")
                .allowing("PUT", "/api/interviews/{id}", "write:interviews")
                .passingThroughOthers();
    }

    private static void filter(ServletContextHandler context, String path, Filter filter) {
        context.addFilter(new FilterHolder(filter), path, EnumSet.of(DispatcherType.REQUEST));
    }

    private static void serve(ServletContextHandler context, String path, HttpServlet servlet) {
        ServletHolder holder = new ServletHolder(servlet);
        context.addServlet(holder, path);
        context.addServlet(holder, path + "/*");
    }

    /** Listens on the loopback address only: the portal has demo users and no TLS. */
    private static ServerConnector connector(Server server, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Jetty caches the header lines of a connection and ignores case in the lookup: a token in upper case would
        // be read as the cached one, and vice versa. A cache of tokens is unwanted anyway.
        http.setHeaderCacheSize(0);
        http.setHeaderCacheCaseSensitive(true);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        return connector;
    }
}
