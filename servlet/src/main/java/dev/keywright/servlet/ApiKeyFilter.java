package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.servlet.RouteTable.Route;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Admits requests that carry a valid API key ({@code Authorization: Bearer …}) with the scope of their route.
 *
 * <pre>{@code
 * ApiKeyFilter.verifying(keys)
 *         .allowing("GET", "/api/people", "read:people")
 *         .allowing("GET", "/api/people/{id}", "read:people")
 *         .allowing("POST", "/api/people", "write:people")
 *         .passingThroughOthers()
 * }</pre>
 *
 * <p>The first case that applies determines the response:
 *
 * <ol>
 *   <li>The request carries an API key, and a second {@code Authorization} header or a token in its query: 400.
 *   <li>The request carries an API key under another scheme, in {@code X-API-Key} or in its query: 401, and the body says how to
 *       send a key.
 *   <li>The request carries no API key: 401, or, after {@link #passingThroughOthers()}, it passes unchanged.
 *   <li>The key is malformed, unknown, revoked, suspended or expired: 401; the response is the same for all five.
 *   <li>No route matches the method and path, or the path is ambiguous: 403.
 *   <li>The route is for one environment, and the key is of another one or none: 403, with the names of both.
 *   <li>The key lacks the scope of the route: 403, with the name of the scope.
 *   <li>Otherwise the request passes with an {@link ApiKeyPrincipal}, and has the scopes of the key as its only roles.
 * </ol>
 *
 * <p>The headers {@code API-Key-Expires} and {@code Sunset} contain the expiry of a valid key, if it has one, even if the key lacks
 * the scope; see {@link #expiryHeaders}. The response is 503 if the store is unavailable, and 500 if the verification fails
 * otherwise; both are logged. Routes match the path as the container decodes it, without the context path, and are case-sensitive.
 *
 * <p>Map the filter to {@code REQUEST} dispatches. If it is mapped to other dispatches too, it checks each of them by its own
 * path, and a named dispatch by the path of the request. An include that the key may not use is omitted and logged. Dispatches to
 * an error page are not checked: the page keeps its status, and the principal if the request was admitted. An admitted request
 * keeps its principal through forwards, includes, asynchronous dispatches and wrappers of other filters: see {@link
 * ApiKeyPrincipal#of}.
 *
 * <p>A request counts as one use of its key, under the scope of the first route that admits it, however often the filter is
 * registered, mapped or dispatched to. A request that the first check rejects is not counted.
 *
 * <p>A rejection discards output that an earlier filter has buffered. If the response is already committed with a status below
 * 400, an {@link IOException} aborts it. Filters that change the method or path of requests must come before this filter.
 *
 * <p>On Jetty, disable the header cache of the {@code HttpConfiguration} ({@code setHeaderCacheSize(0)}). The cache replaces a
 * header line by an earlier one of the same connection that differs only in case, so that a token in the wrong case would be
 * accepted; and it keeps tokens in memory.
 *
 * <p>Immutable and thread-safe.
 */
public final class ApiKeyFilter implements Filter {

    private static final String VERIFIED = Verified.class.getName();

    private final KeyVerifier verifier;
    private final RouteTable routes;
    private final boolean passThrough;
    private final Set<ExpiryHeader> expiryHeaders;
    private final FailureResponses failures = new FailureResponses();

    private ApiKeyFilter(
            KeyVerifier verifier, RouteTable routes, boolean passThrough, Set<ExpiryHeader> expiryHeaders) {
        this.verifier = verifier;
        this.routes = routes;
        this.passThrough = passThrough;
        this.expiryHeaders = expiryHeaders;
    }

    /**
     * Returns a filter without routes, which admits no request.
     *
     * @param verifier verifies the keys; an {@link ApiKeys} is one
     * @return the filter
     */
    public static ApiKeyFilter verifying(KeyVerifier verifier) {
        return new ApiKeyFilter(
                Objects.requireNonNull(verifier), RouteTable.EMPTY, false, Set.of(ExpiryHeader.values()));
    }

    /**
     * Returns a copy of this filter with one more route. If several routes match a path, a literal segment takes precedence
     * over a placeholder: {@code /people/export} over {@code /people/{id}}. Two routes with different scopes conflict if each has
     * a literal where the other has a placeholder. The filter does not start with a conflict: {@code /people/{id}/notes} and
     * {@code /people/own/{list}} need a third route, for {@code /people/own/notes}.
     *
     * @param method an HTTP method of the IANA registry, in upper case, except {@code CONNECT} and {@code TRACE}; {@code GET}
     *     includes {@code HEAD}
     * @param path literal segments, and {@code {name}} for exactly one non-empty segment, for example {@code
     *     /api/people/{id}}; a trailing slash is significant
     * @param scope the scope that a key needs
     * @return a new filter
     * @throws IllegalArgumentException if the method is not registered, if the path or the scope is malformed, if the filter has a
     *     route for the method and path already, or if the verifier is an {@link ApiKeys} without the scope in its {@linkplain
     *     ApiKeys#scopeCatalog() catalog}
     */
    public ApiKeyFilter allowing(String method, String path, String scope) {
        return allowing(method, path, scope, Optional.empty());
    }

    /**
     * Returns a copy of this filter with one more route, as {@link #allowing(String, String, String)} does, that only keys of one
     * environment may use. Routes with different environments conflict like routes with different scopes. A request is verified
     * twice, so that no use of a key of another environment is recorded; without a cache, each verification is a lookup.
     *
     * @param method an HTTP method
     * @param path literal segments and {@code {name}}
     * @param scope the scope that a key needs
     * @param environment the {@linkplain ApiKey#environment environment} that a key must be of, for example {@code live}
     * @return a new filter
     * @throws IllegalArgumentException as for {@link #allowing(String, String, String)}, and if the environment is blank
     */
    public ApiKeyFilter allowing(String method, String path, String scope, String environment) {
        if (environment.isBlank()) {
            throw new IllegalArgumentException(
                    "the environment of the route " + method + " " + path + " must not be blank");
        }
        return allowing(method, path, scope, Optional.of(environment));
    }

    private ApiKeyFilter allowing(String method, String path, String scope, Optional<String> environment) {
        Scope required = Scope.of(scope);
        if (verifier instanceof ApiKeys apiKeys
                && apiKeys.scopeCatalog().grants(required).isEmpty()) {
            throw new IllegalArgumentException("the scope of the route " + method + " " + path
                    + " must be in the scope catalog " + apiKeys.scopeCatalog() + ", was " + scope);
        }
        return new ApiKeyFilter(verifier, routes.with(method, path, required, environment), passThrough, expiryHeaders);
    }

    /**
     * Returns a copy of this filter that passes requests without an API key through to the host's own authentication. By default
     * they are rejected, since a host without other authentication would serve them unauthenticated.
     *
     * @return a new filter
     */
    public ApiKeyFilter passingThroughOthers() {
        return new ApiKeyFilter(verifier, routes, true, expiryHeaders);
    }

    /**
     * Returns a copy of this filter that sends the expiry of a key in given response headers. Default: all of them.
     *
     * @param headers the headers; none to send no expiry
     * @return a new filter
     */
    public ApiKeyFilter expiryHeaders(ExpiryHeader... headers) {
        return new ApiKeyFilter(verifier, routes, passThrough, Set.copyOf(List.of(headers)));
    }

    /**
     * Validates the routes as a whole. A host that calls this filter from a filter of its own should call this method too.
     *
     * @throws ServletException if a route can never match, because the filter is not mapped to its path, or if two routes conflict
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        FilterRegistration registration = config.getServletContext().getFilterRegistration(config.getFilterName());
        boolean mappedByPathOnly =
                registration != null && registration.getServletNameMappings().isEmpty();
        Optional<String> problem = routes.problem(mappedByPathOnly ? registration.getUrlPatternMappings() : List.of());
        if (problem.isPresent()) {
            throw new ServletException(problem.get());
        }
    }

    /**
     * Returns the verification that admitted a request. A long-running request passes it to {@link KeyVerifier#recheck} to
     * find out whether the key is still active.
     *
     * @param request the request, or a wrapper of it
     * @return the verification; empty if no filter has admitted the request by an API key
     */
    public static Optional<Verified> verified(ServletRequest request) {
        return Optional.ofNullable((Verified) request.getAttribute(VERIFIED));
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        if (isErrorPage(request)) {
            proceed(ApiKeyPrincipal.of(request), request, response, chain);
            return;
        }
        BearerCredentials credentials = BearerCredentials.in(request, verifier);
        switch (credentials.kind()) {
            case API_KEY -> authorize(credentials.token(), request, response, chain);
            case REPEATED -> reject(ErrorResponses.REPEATED, request, response);
            case MISPLACED -> reject(ErrorResponses.MISPLACED, request, response);
            case NONE, OTHER_TOKEN -> {
                if (passThrough) {
                    chain.doFilter(request, response);
                } else {
                    reject(ErrorResponses.unauthenticated(credentials, "an API key is required"), request, response);
                }
            }
        }
    }

    private void authorize(String token, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Route> route = routes.routeFor(request);
        Verification verification;
        try {
            verification = route.isPresent() ? verify(token, route.get(), request) : verifier.check(token);
        } catch (RuntimeException e) {
            reject(failures.ofVerification(request, e), request, response);
            return;
        }
        ExpiryHeader.set(expiryHeaders, verification, response);
        // One condition for all: a valid key must not pass without a route, nor through one for another environment.
        if (route.isPresent()
                && verification instanceof Verified verified
                && route.get().isFor(verified.key())) {
            ApiKeyPrincipal principal = new ApiKeyPrincipal(verified.key());
            principal.storeIn(request);
            request.setAttribute(VERIFIED, verified);
            proceed(Optional.of(principal), request, response, chain);
        } else {
            reject(
                    verification.fold(valid -> ErrorResponses.notAdmitted(valid, route), ErrorResponses::of),
                    request,
                    response);
        }
    }

    /**
     * Verifies a key, and records one use per request, however many filters of this class the request passes. A key of another
     * environment than that of the route is valid, and its use is not recorded.
     */
    private Verification verify(String token, Route route, HttpServletRequest request) {
        Optional<ApiKeyPrincipal> earlier = ApiKeyPrincipal.of(request);
        if (earlier.isPresent() || route.environment().isPresent()) {
            Verification unrecorded = verifier.check(token);
            if (!(unrecorded instanceof Verified verified) || !route.isFor(verified.key())) {
                return unrecorded;
            }
            KeyId id = verified.key().id();
            boolean sameKey =
                    earlier.filter(principal -> principal.key().id().equals(id)).isPresent();
            if (sameKey && verified.allows(route.scope())) {
                return unrecorded;
            }
        }
        return verifier.verify(token, route.scope());
    }

    /**
     * {@return whether the request is dispatched to or from an error page} The container selects the page, never the client, and
     * the page must keep the status that the application or the container has set.
     */
    private static boolean isErrorPage(HttpServletRequest request) {
        return switch (request.getDispatcherType()) {
            case ERROR -> true;
            case FORWARD, INCLUDE, ASYNC -> request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
            case REQUEST -> false;
        };
    }

    private static void proceed(
            Optional<ApiKeyPrincipal> principal,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest next = request;
        if (principal.isPresent()) {
            next = new ApiKeyRequest(request, response, principal.get());
        }
        chain.doFilter(next, response);
    }

    private void reject(JsonResponse rejection, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (request.getDispatcherType() == DispatcherType.INCLUDE) {
            // An include has no status of its own, and an error body would appear inside the page.
            failures.includeOmitted(request);
            return;
        }
        rejection.send(request, response);
    }
}
