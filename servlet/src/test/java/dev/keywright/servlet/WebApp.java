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

/** A web application, in words that every container knows, and what it wants of its container beside them. */
final class WebApp {

    private final List<Consumer<ServletContext>> parts = new ArrayList<>();
    private String contextPath = "";
    private boolean lenient;
    private Optional<String> errorPage = Optional.empty();
    private Optional<Executor> executor = Optional.empty();

    /** Filters are passed through in the order in which they are added. */
    WebApp filter(Filter filter, String... paths) {
        return filter(filter, EnumSet.of(DispatcherType.REQUEST), paths);
    }

    WebApp filter(Filter filter, EnumSet<DispatcherType> dispatches, String... paths) {
        String name = "filter " + parts.size();
        parts.add(context -> {
            FilterRegistration.Dynamic added = context.addFilter(name, filter);
            added.setAsyncSupported(true);
            Arrays.stream(paths).forEach(path -> added.addMappingForUrlPatterns(dispatches, true, path));
        });
        return this;
    }

    WebApp serve(Servlet servlet, String... paths) {
        return serve(servlet, true, paths);
    }

    /** Without asynchronous support, as a registration has it by default. */
    WebApp serveBlocking(Servlet servlet, String... paths) {
        return serve(servlet, false, paths);
    }

    private WebApp serve(Servlet servlet, boolean async, String... paths) {
        String name = "servlet " + parts.size();
        parts.add(context -> {
            ServletRegistration.Dynamic added = context.addServlet(name, servlet);
            added.setAsyncSupported(async);
            added.addMapping(paths);
        });
        return this;
    }

    WebApp in(String path) {
        contextPath = path;
        return this;
    }

    /** On a container that is told to take all the paths that it can be told to take, and to decode what it can decode. */
    WebApp leniently() {
        lenient = true;
        return this;
    }

    /** Where errors are dispatched to. */
    WebApp errorsTo(String path) {
        errorPage = Optional.of(path);
        return this;
    }

    /** On threads of somebody else's. */
    WebApp on(Executor threads) {
        executor = Optional.of(threads);
        return this;
    }

    void deploy(ServletContext context) {
        parts.forEach(part -> part.accept(context));
        // Where nothing else is. Not every container passes a request through filters that leads nowhere.
        context.addServlet("nothing", new Nothing()).addMapping("/");
    }

    private static final class Nothing extends HttpServlet {

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
