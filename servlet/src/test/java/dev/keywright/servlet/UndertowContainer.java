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
                Quirk.EVENS_OUT_BLANKS,
                Quirk.REFUSES_BROKEN_QUERIES,
                Quirk.ENDS_BROKEN_CHUNKS,
                Quirk.HIDES_WRITTEN_PATHS);
    }

    @Override
    public Running start(WebApp site) {
        ServletContainerInitializer deploying = (classes, servlets) -> site.deploy(servlets);
        DeploymentInfo application = Servlets.deployment()
                .setClassLoader(getClass().getClassLoader())
                .setContextPath(site.contextPath().isEmpty() ? "/" : site.contextPath())
                .setDeploymentName("site")
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        deploying.getClass(), new ImmediateInstanceFactory<>(deploying), Set.of()));
        // Else it starts, and each request fails, since the filter would be asked then only.
        application.setEagerFilterInit(true);
        site.errorPage().ifPresent(page -> application.addErrorPage(new ErrorPage(page)));
        site.executor().ifPresent(application::setExecutor);
        DeploymentManager manager = Servlets.newContainer().addDeployment(application);
        manager.deploy();
        try {
            HttpHandler handler = manager.start();
            Undertow undertow = Undertow.builder()
                    .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                    .setIoThreads(2)
                    // Few, so that a test can use them up.
                    .setWorkerThreads(8)
                    .setServerOption(UndertowOptions.DECODE_SLASH, site.isLenient())
                    .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, site.isLenient())
                    .setHandler(Handlers.path(Handlers.path()).addPrefixPath(application.getContextPath(), handler))
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
