package dev.keywright.servlet;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Tomcat 10.1 or 11: the version on the class path, which must be that of the run. */
final class TomcatContainer implements Container {

    TomcatContainer(String version) {
        if (!ServerInfo.getServerNumber().startsWith(version)) {
            throw new IllegalStateException(
                    "the class path must have Tomcat " + version + ", was " + ServerInfo.getServerNumber());
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    @Override
    public Set<Quirk> quirks() {
        return Set.of(Quirk.ECHOES_MALFORMED_HEADERS, Quirk.UNDERREPORTS_ARRIVED_BYTES);
    }

    @Override
    public Running start(WebApp app) {
        try {
            Path folder = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            Connector connector = connector(app);
            tomcat.setConnector(connector);
            Context context = tomcat.addContext(app.contextPath(), null);
            context.addServletContainerInitializer((classes, servlets) -> app.deploy(servlets), Set.of());
            app.errorPage().ifPresent(path -> context.addErrorPage(page(path)));
            Running running = new Started(tomcat, connector, folder);
            tomcat.start();
            if (!context.getState().isAvailable()) {
                // Only the log has the reason.
                running.close();
                throw new IllegalStateException("the application did not start");
            }
            return running;
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connector connector(WebApp app) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        // Tomcat waits for the rest of a body for this time even after the response.
        connector.setProperty("connectionTimeout", "4000");
        connector.setProperty("maxThreads", "25");
        // By default, Tomcat sends 100 (Continue) before the application reads the body.
        connector.setProperty("continueResponseTiming", "onRead");
        connector.setAllowTrace(true);
        app.executor().ifPresent(connector.getProtocolHandler()::setExecutor);
        if (app.isLenient()) {
            connector.setAllowBackslash(true);
            connector.setEncodedSolidusHandling("decode");
            connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
        }
        return connector;
    }

    private static ErrorPage page(String path) {
        // Without a status, the page applies to all errors without a page of their own.
        ErrorPage page = new ErrorPage();
        page.setLocation(path);
        return page;
    }

    private record Started(Tomcat tomcat, Connector connector, Path folder) implements Running {

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        }

        @Override
        public void close() {
            try {
                tomcat.stop();
                tomcat.destroy();
                try (var files = Files.walk(folder)) {
                    files.map(Path::toFile).sorted(Comparator.reverseOrder()).forEach(File::delete);
                }
            } catch (IOException | LifecycleException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
