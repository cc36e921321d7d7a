package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Immutable table of the routes that API keys may use, each with the scope that it requires. Keys are denied all other paths, so
 * that a path that the host forgets is closed to them.
 */
final class RouteTable {

    static final RouteTable EMPTY = new RouteTable(List.of());

    /**
     * The methods of the IANA registry except {@code HEAD}, which {@code GET} includes, {@code CONNECT}, which has no path, and
     * {@code TRACE}, which must not carry a key (RFC 9110, sections 9.3.6 and 9.3.8).
     */
    private static final Set<String> METHODS = Set.of(
            "ACL",
            "BASELINE-CONTROL",
            "BIND",
            "CHECKIN",
            "CHECKOUT",
            "COPY",
            "DELETE",
            "GET",
            "LABEL",
            "LINK",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MKREDIRECTREF",
            "MKWORKSPACE",
            "MOVE",
            "OPTIONS",
            "ORDERPATCH",
            "PATCH",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "QUERY",
            "REBIND",
            "REPORT",
            "SEARCH",
            "UNBIND",
            "UNCHECKOUT",
            "UNLINK",
            "UNLOCK",
            "UPDATE",
            "UPDATEREDIRECTREF",
            "VERSION-CONTROL");

    private final List<Route> routes;

    private RouteTable(List<Route> routes) {
        this.routes = routes;
    }

    /**
     * A route.
     *
     * @param method the method
     * @param pattern the pattern of its paths
     * @param source the pattern as configured, for messages
     * @param scope the scope that a key needs
     * @param environment the environment that a key must be of; empty for any or none
     */
    record Route(String method, PathPattern pattern, String source, Scope scope, Optional<String> environment) {

        /** {@return the paths that both routes match, if they admit different keys; a third route may take precedence there} */
        Optional<PathPattern> conflict(Route other) {
            boolean same = scope.equals(other.scope) && environment.equals(other.environment);
            return method.equals(other.method) && !same ? pattern.intersect(other.pattern) : Optional.empty();
        }

        /** {@return whether the route is open to the environment of a key} */
        boolean isFor(ApiKey key) {
            return environment.isEmpty() || environment.equals(key.environment());
        }

        @Override
        public String toString() {
            return method + " " + source;
        }
    }

    RouteTable with(String method, String pattern, Scope scope, Optional<String> environment) {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException(
                    "the method of a route must be a registered HTTP method in upper case, such as GET (which includes"
                            + " HEAD), POST, PUT, PATCH or DELETE, but not CONNECT or TRACE; was " + method);
        }
        Route added = new Route(method, PathPattern.of(pattern), pattern, scope, environment);
        for (Route route : routes) {
            if (route.method.equals(method) && route.pattern.equals(added.pattern)) {
                throw new IllegalArgumentException("the route " + method + " " + pattern + " exists already");
            }
        }
        List<Route> extended = new ArrayList<>(routes);
        extended.add(added);
        extended.sort(Comparator.comparing(route -> route.pattern.precedence()));
        return new RouteTable(List.copyOf(extended));
    }

    /**
     * Validates the table as a whole.
     *
     * @param mappings the URL patterns of the filter; empty if unknown
     * @return the message of the first problem; empty if the table is valid
     */
    Optional<String> problem(Collection<String> mappings) {
        for (Route route : routes) {
            if (!mappings.isEmpty() && mappings.stream().noneMatch(route.pattern::isReachableFrom)) {
                return Optional.of("the route " + route + " can never match: the filter is mapped to " + mappings);
            }
            for (Route other : routes) {
                Optional<PathPattern> conflict =
                        route.conflict(other).filter(paths -> !isResolved(route.method, paths));
                if (conflict.isPresent()) {
                    return Optional.of("the routes " + route + " and " + other + " match the same paths with different "
                            + (route.scope.equals(other.scope) ? "environments" : "scopes") + ": add a route for "
                            + conflict.get());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isResolved(String method, PathPattern paths) {
        return routes.stream().anyMatch(route -> route.method.equals(method) && route.pattern.equals(paths));
    }

    /** {@return the route of the request; empty if none matches} */
    Optional<Route> routeFor(HttpServletRequest request) {
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        return RequestPath.of(request).path().flatMap(path -> routeFor(method, PathPattern.segmentsOf(path)));
    }

    private Optional<Route> routeFor(String method, List<String> segments) {
        for (Route route : routes) {
            if (route.method.equals(method) && route.pattern.matches(segments)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }
}
