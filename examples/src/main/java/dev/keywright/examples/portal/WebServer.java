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
 * The way of a request: the API key filter, then the portal's own sessions, then what is asked for.
 *
 * <p>The key filter comes first and covers everything: what it has no rule for is refused to keys, also where it is added
 * one day and forgotten here.
 */
final class WebServer {

    /** Where anybody may say that they have found a key; they are strangers, with no session. */
    private static final String LEAKED_KEYS = "/api/leaked-keys";

    private WebServer() {}

    /** {@return a server that waits to be started} */
    static Server on(int port, ApiKeys keys, DemoSessions sessions, BrowserSessions browsers) {
        ServletContextHandler context = new ServletContextHandler("/");
        filter(context, "/*", new UnreadBodies());
        filter(context, "/*", new PageHeaders());
        filter(context, "/*", rules(keys));
        filter(context, "/api/*", new SessionFilter(sessions, LEAKED_KEYS));
        serve(context, "/api/keys", new KeyManagementServlet(keys, sessions));
        context.addServlet(new ServletHolder(new LeakedKeyServlet(keys)), LEAKED_KEYS);
        serve(context, "/api/people", new RecordServlet(DemoData.people()));
        serve(context, "/api/interviews", new RecordServlet(DemoData.interviews()));
        context.addServlet(new ServletHolder(new MeServlet(sessions, keys.scopeCatalog())), "/api/me");
        ServletHolder settings = new ServletHolder(new SettingsServlet(browsers));
        // The empty one is the root, and nothing below it.
        for (String path : List.of("", "/settings", "/settings/*")) {
            context.addServlet(settings, path);
        }
        ServletHolder signIn = new ServletHolder(new SignInServlet(sessions, browsers));
        context.addServlet(signIn, SignInServlet.SIGN_IN);
        context.addServlet(signIn, SignInServlet.SIGN_OUT);
        context.addServlet(new ServletHolder(new OpenApiServlet()), "/openapi.json");
        context.addServlet(new ServletHolder(new NothingServlet()), "/");

        JsonErrors errors = new JsonErrors();
        context.setErrorHandler(errors);
        Server server = new Server();
        server.setErrorHandler(errors);
        server.addConnector(connector(server, port));
        server.setHandler(context);
        return server;
    }

    private static Filter rules(ApiKeys keys) {
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

    /** On the loopback address alone: the portal has demo people in it, and no TLS before it. */
    private static ServerConnector connector(Server server, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Jetty keeps header lines of a connection, and takes one that differs in its letters' case alone for the one
        // before:
        // a token in capitals would pass for the right one, and the right one for it. It must not keep tokens anyway.
        http.setHeaderCacheSize(0);
        http.setHeaderCacheCaseSensitive(true);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        return connector;
    }
}
