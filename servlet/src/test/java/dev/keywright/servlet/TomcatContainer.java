package dev.keywright.servlet;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Tomcat 10.1 or 11: what is on the class path, which must be what this run is for. */
final class TomcatContainer implements Container {

    TomcatContainer(String version) {
        if (!ServerInfo.getServerNumber().startsWith(version)) {
            throw new IllegalStateException("this is Tomcat " + ServerInfo.getServerNumber() + ", and not " + version);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    @Override
    public Set<Quirk> quirks() {
        return Set.of(Quirk.REPEATS_BROKEN_HEADERS, Quirk.HIDES_ARRIVED_BODIES);
    }

    @Override
    public Running start(WebApp site) {
        try {
            Path folder = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            Connector connector = connector(site);
            tomcat.setConnector(connector);
            Context context = tomcat.addContext(site.contextPath(), null);
            context.addServletContainerInitializer((classes, servlets) -> site.deploy(servlets), Set.of());
            site.errorPage().ifPresent(path -> context.addErrorPage(page(path)));
            Running running = new Started(tomcat, connector, folder);
            tomcat.start();
            if (!context.getState().isAvailable()) {
                // Why, is in the log alone.
                running.close();
                throw new IllegalStateException("the application could not be started");
            }
            return running;
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connector connector(WebApp site) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        // Tomcat itself waits so long for what is left of a body, though it was answered; and it tells clients to send
        // before anybody has asked for it.
        connector.setProperty("connectionTimeout", "4000");
        connector.setProperty("maxThreads", "25");
        connector.setProperty("continueResponseTiming", "onRead");
        connector.setAllowTrace(true);
        site.executor().ifPresent(connector.getProtocolHandler()::setExecutor);
        if (site.isLenient()) {
            connector.setAllowBackslash(true);
            connector.setEncodedSolidusHandling("decode");
            connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
        }
        return connector;
    }

    private static ErrorPage page(String path) {
        // Without a status it is the page for all that have no other.
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
                    files.map(Path::toFile)
                            .sorted((one, other) -> other.compareTo(one))
                            .forEach(File::delete);
                }
            } catch (IOException | LifecycleException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
