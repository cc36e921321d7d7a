package dev.keywright.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Web application by the servlet API alone, and the settings that it needs of its container. */
final class WebApp {

    private final List<Consumer<ServletContext>> registrations = new ArrayList<>();
    private String contextPath = "";
    private boolean lenient;
    private Optional<String> errorPage = Optional.empty();
    private Optional<Executor> executor = Optional.empty();

    /** Adds a filter; requests pass through filters in the order in which they are added. */
    WebApp filter(Filter filter, String... paths) {
        return filter(filter, EnumSet.of(DispatcherType.REQUEST), paths);
    }

    WebApp filter(Filter filter, EnumSet<DispatcherType> dispatches, String... paths) {
        String name = "filter " + registrations.size();
        registrations.add(context -> {
            FilterRegistration.Dynamic added = context.addFilter(name, filter);
            added.setAsyncSupported(true);
            Arrays.stream(paths).forEach(path -> added.addMappingForUrlPatterns(dispatches, true, path));
        });
        return this;
    }

    WebApp servlet(Servlet servlet, String... paths) {
        return servlet(servlet, true, paths);
    }

    /** Adds a servlet without asynchronous support, which is the default of a registration. */
    WebApp servletWithoutAsync(Servlet servlet, String... paths) {
        return servlet(servlet, false, paths);
    }

    private WebApp servlet(Servlet servlet, boolean async, String... paths) {
        String name = "servlet " + registrations.size();
        registrations.add(context -> {
            ServletRegistration.Dynamic added = context.addServlet(name, servlet);
            added.setAsyncSupported(async);
            added.addMapping(paths);
        });
        return this;
    }

    WebApp contextPath(String path) {
        contextPath = path;
        return this;
    }

    /** Configures the container to accept and decode all paths that it can be configured to accept and decode. */
    WebApp lenient() {
        lenient = true;
        return this;
    }

    /** Dispatches errors to a path. */
    WebApp errorPage(String path) {
        errorPage = Optional.of(path);
        return this;
    }

    /** Serves requests on threads of the executor. */
    WebApp executor(Executor threads) {
        executor = Optional.of(threads);
        return this;
    }

    void deploy(ServletContext context) {
        registrations.forEach(registration -> registration.accept(context));
        // Some containers do not call filters for a path without a servlet.
        context.addServlet("not found", new NotFound()).addMapping("/");
    }

    private static final class NotFound extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.sendError(404);
        }
    }

    String contextPath() {
        return contextPath;
    }

    boolean isLenient() {
        return lenient;
    }

    Optional<String> errorPage() {
        return errorPage;
    }

    Optional<Executor> executor() {
        return executor;
    }
}
