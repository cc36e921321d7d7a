package dev.keywright.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which path is asked for. Where something is included, that is its path, and not that of the page that includes it (Jakarta
 * Servlet 6.0, section 9.3.1).
 *
 * @param raw the path as it was written
 * @param request what was asked
 * @param included whether it is an include
 */
record RequestPath(String raw, HttpServletRequest request, boolean included) {

    static RequestPath of(HttpServletRequest request) {
        if (request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) instanceof String raw) {
            return new RequestPath(raw, request, true);
        }
        return new RequestPath(request.getRequestURI(), request, false);
    }

    /**
     * {@return the container's own decoded path, without the context path: what the application behind is chosen by, and no second
     * opinion; empty where the path can be read in more than one way}
     */
    Optional<String> path() {
        // In this order: some containers throw where they cannot decode a path.
        return RawPath.isPlain(raw) ? Optional.of(decoded()).filter(RawPath::isPlainDecoded) : Optional.empty();
    }

    private String decoded() {
        return included
                ? joined(
                        request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH),
                        request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                : joined(request.getServletPath(), request.getPathInfo());
    }

    private static String joined(@Nullable Object servletPath, @Nullable Object pathInfo) {
        return (servletPath == null ? "" : servletPath.toString()) + (pathInfo == null ? "" : pathInfo.toString());
    }
}
