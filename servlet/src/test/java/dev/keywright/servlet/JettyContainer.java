package dev.keywright.servlet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty 12 with the servlet API of Jakarta EE 10. */
final class JettyContainer implements Container {

    @Override
    public Set<Quirk> quirks() {
        return Set.of();
    }

    @Override
    public Running start(WebApp app) {
        // Few, so that a test can exhaust them.
        QueuedThreadPool threads = new QueuedThreadPool(10);
        app.executor().ifPresent(threads::setVirtualThreadsExecutor);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler context =
                new ServletContextHandler(app.contextPath().isEmpty() ? "/" : app.contextPath());
        context.addServletContainerInitializer((classes, servlets) -> app.deploy(servlets));
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        app.errorPage().ifPresent(page -> errors.addErrorPage(400, 599, page));
        context.setErrorHandler(errors);
        if (app.isLenient()) {
            connector
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .setUriCompliance(UriCompliance.UNSAFE);
            context.getServletHandler().setDecodeAmbiguousURIs(true);
        }
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new Started(server, connector);
    }

    private record Started(Server server, ServerConnector connector) implements Running {

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        }

        @Override
        public void close() {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
