package dev.keywright.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Undertow, the servlet container of WildFly. */
final class UndertowContainer implements Container {

    UndertowContainer() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    @Override
    public Set<Quirk> quirks() {
        return Set.of(
                Quirk.NORMALIZES_HEADER_BLANKS,
                Quirk.REJECTS_MALFORMED_QUERIES,
                Quirk.CLOSES_ON_MALFORMED_CHUNKS,
                Quirk.HIDES_RAW_PATHS);
    }

    @Override
    public Running start(WebApp app) {
        ServletContainerInitializer initializer = (classes, servlets) -> app.deploy(servlets);
        DeploymentInfo deployment = Servlets.deployment()
                .setClassLoader(getClass().getClassLoader())
                .setContextPath(app.contextPath().isEmpty() ? "/" : app.contextPath())
                .setDeploymentName("app")
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
        // Without it, an invalid filter does not prevent the start-up, and each request fails instead.
        deployment.setEagerFilterInit(true);
        app.errorPage().ifPresent(page -> deployment.addErrorPage(new ErrorPage(page)));
        app.executor().ifPresent(deployment::setExecutor);
        DeploymentManager manager = Servlets.newContainer().addDeployment(deployment);
        manager.deploy();
        try {
            HttpHandler handler = manager.start();
            Undertow undertow = Undertow.builder()
                    .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                    .setIoThreads(2)
                    // Few, so that a test can exhaust them.
                    .setWorkerThreads(8)
                    .setServerOption(UndertowOptions.DECODE_SLASH, app.isLenient())
                    .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, app.isLenient())
                    .setHandler(Handlers.path(Handlers.path()).addPrefixPath(deployment.getContextPath(), handler))
                    .build();
            undertow.start();
            return new Started(undertow, manager);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Started(Undertow undertow, DeploymentManager manager) implements Running {

        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        }

        @Override
        public void close() {
            try {
                undertow.stop();
                manager.stop();
                manager.undeploy();
            } catch (ServletException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
