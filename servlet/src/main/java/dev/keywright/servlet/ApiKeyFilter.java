package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
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

/**
 * Lets requests in that carry a valid API key ({@code Authorization: Bearer …}) with the scope that they need.
 *
 * <pre>{@code
 * ApiKeyFilter.verifying(keys)
 *         .allowing("GET", "/api/people", "read:people")
 *         .allowing("GET", "/api/people/{id}", "read:people")
 *         .allowing("POST", "/api/people", "write:people")
 *         .passingOthersOn()
 * }</pre>
 *
 * <p>What happens to a request:
 *
 * <ol>
 *   <li>It carries an API key, and a second {@code Authorization} header or a token in its query: 400.
 *   <li>It carries an API key, and not as a bearer token, but under another scheme, in {@code X-API-Key} or in its query: 401,
 *       saying how to send it.
 *   <li>It carries no API key: 401; or, {@linkplain #passingOthersOn() where the host says so}, it goes on untouched.
 *   <li>Its key is malformed, unknown, revoked or expired: 401, and nobody is told which.
 *   <li>No rule names its method and path, or its path can be read in more than one way: 403.
 *   <li>Its key lacks the scope of the rule: 403, naming the scope.
 *   <li>Else it goes on, with an {@link ApiKeyPrincipal}, and the key's scopes as its only roles.
 * </ol>
 *
 * <p>Where the key works and has an end, the answer says when, in the header {@code Sunset} (RFC 8594); so does the answer
 * to one that lacks the scope. Where the store cannot answer: 503; what fails otherwise is logged: 500. Rules are matched on
 * the path that the container has decoded, without the context path, in capital and small letters as they are written.
 *
 * <p>Map it to requests. If it is mapped to other dispatches, too, each of them is checked by itself, by the path to which it
 * leads; what is included and closed to the key is left out, and the log of the application says so. Dispatches to an error
 * page are not checked: the page keeps its status, and the principal if the request was let in. A dispatch to a servlet by its
 * name has no path but that of the request. A request that is let in keeps its principal where it is forwarded, included or
 * dispatched later, and where another filter wraps it: see {@link ApiKeyPrincipal#of}.
 *
 * <p>A request is recorded as one use of its key, with the scope of the first rule that lets it in, however often the filter
 * is registered, mapped or dispatched to; a request that is refused at the first check is not recorded.
 *
 * <p>What a filter before this one has begun to write is dropped where the key is refused; if it is committed, and is no error
 * already, an {@link IOException} ends the answer. What changes the method or the path of requests must stand before this filter.
 *
 * <p>On Jetty, switch the header cache of the {@code HttpConfiguration} off ({@code setHeaderCacheSize(0)}): it takes a
 * header line for an earlier one of its connection that differs in the case of letters alone, so that a token in capitals
 * passes for the right one there; and it keeps tokens in memory.
 *
 * <p>Immutable, and safe for use by many threads.
 */
public final class ApiKeyFilter implements Filter {

    private static final String VERIFIED = Verified.class.getName();

    private final KeyVerifier keys;
    private final RouteTable rules;
    private final boolean othersPass;
    private final FailureResponses failures = new FailureResponses();

    private ApiKeyFilter(KeyVerifier keys, RouteTable rules, boolean othersPass) {
        this.keys = keys;
        this.rules = rules;
        this.othersPass = othersPass;
    }

    /**
     * A filter without rules: it lets no request in.
     *
     * @param keys what verifies the keys
     * @return the filter
     */
    public static ApiKeyFilter verifying(KeyVerifier keys) {
        return new ApiKeyFilter(Objects.requireNonNull(keys), RouteTable.NONE, false);
    }

    /**
     * The same filter with one rule more. Where several rules match a path, the one that is literal where the others have
     * a placeholder counts: {@code /people/export} before {@code /people/{id}}. Where that is so in one segment with the one
     * rule and in another segment with the other, and they need two scopes, the filter does not start: {@code
     * /people/{id}/notes} and {@code /people/own/{list}} want a third rule, for {@code /people/own/notes}.
     *
     * @param method a registered method, in capital letters; {@code GET} covers {@code HEAD}; no rule is for {@code CONNECT}
     *     or {@code TRACE}
     * @param path literal segments, and {@code {name}} for exactly one segment of any text, for example
     *     {@code /api/people/{id}}; with a slash at its end, it is the path with a slash at its end alone
     * @param scope the scope that a key needs
     * @return a new filter
     * @throws IllegalArgumentException if the method is not registered, if the path or the scope is malformed, if there is a rule for them
     *     already, or if the verifier is an {@link ApiKeys} that does not {@linkplain ApiKeys#scopeCatalog() offer} the scope
     */
    public ApiKeyFilter allowing(String method, String path, String scope) {
        Scope required = Scope.of(scope);
        if (keys instanceof ApiKeys all && all.scopeCatalog().grants(required).isEmpty()) {
            throw new IllegalArgumentException("the scope of the rule for " + method + " " + path
                    + " must be one of those offered: " + all.scopeCatalog() + "; was " + scope);
        }
        return new ApiKeyFilter(keys, rules.and(method, path, required), othersPass);
    }

    /**
     * The same filter, which leaves requests without an API key to the host's own authentication. Without this they are
     * refused: a host that has no other authentication would serve strangers.
     *
     * @return a new filter
     */
    public ApiKeyFilter passingOthersOn() {
        return new ApiKeyFilter(keys, rules, true);
    }

    /**
     * Looks at the rules as a whole. A host that passes requests to this filter from one of its own should call this, too.
     *
     * @throws ServletException if a rule can never match, because its path is none of those that the filter is mapped to, or
     *     if two rules contradict each other
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        FilterRegistration here = config.getServletContext().getFilterRegistration(config.getFilterName());
        boolean byPathAlone = here != null && here.getServletNameMappings().isEmpty();
        Optional<String> fault = rules.fault(byPathAlone ? here.getUrlPatternMappings() : List.of());
        if (fault.isPresent()) {
            throw new ServletException(fault.get());
        }
    }

    /**
     * Returns the outcome by which a filter of this class let a request in. A request that goes on for long asks {@link
     * KeyVerifier#recheck} with it whether the key still works.
     *
     * @param request the request, or a wrapper of it
     * @return the outcome; empty where no filter has let the request in on behalf of an API key
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
            goOn(ApiKeyPrincipal.of(request), request, response, chain);
            return;
        }
        BearerCredentials presented = BearerCredentials.in(request, keys);
        switch (presented.kind()) {
            case API_KEY -> letIn(presented.token(), request, response, chain);
            case REPEATED -> refuse(ErrorResponses.REPEATED, request, response);
            case MISPLACED -> refuse(ErrorResponses.MISPLACED, request, response);
            case NOTHING, OTHER_TOKEN -> {
                if (othersPass) {
                    chain.doFilter(request, response);
                } else {
                    refuse(ErrorResponses.notAuthenticated(presented, "an API key is required"), request, response);
                }
            }
        }
    }

    private void letIn(String token, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Scope> required = rules.scopeFor(request);
        Verification verification;
        try {
            verification = required.isPresent() ? verify(token, required.get(), request) : keys.check(token);
        } catch (RuntimeException e) {
            refuse(failures.ofVerification(request, e), request, response);
            return;
        }
        Sunset.announce(verification, response);
        // Both are asked for in one place: a key that is valid where no rule stands must not get in.
        if (required.isPresent() && verification instanceof Verified verified) {
            ApiKeyPrincipal principal = new ApiKeyPrincipal(verified.key());
            principal.storeIn(request);
            request.setAttribute(VERIFIED, verified);
            goOn(Optional.of(principal), request, response, chain);
        } else {
            refuse(verification.fold(valid -> ErrorResponses.CLOSED_TO_KEYS, ErrorResponses::of), request, response);
        }
    }

    /** Verifies a key, and records one use for each request, however often filters of this class see it. */
    private Verification verify(String token, Scope required, HttpServletRequest request) {
        Optional<ApiKeyPrincipal> recorded = ApiKeyPrincipal.of(request);
        if (recorded.isPresent()) {
            Verification again = keys.check(token);
            if (!(again instanceof Verified verified)) {
                return again;
            }
            boolean same = verified.key().id().equals(recorded.get().key().id());
            if (same && verified.allows(required)) {
                return again;
            }
        }
        return keys.verify(token, required);
    }

    /**
     * {@return whether the request is dispatched to an error page, or from there to a part of it} The container chooses that page,
     * never the client, and its status must stay what the application or the container has set.
     */
    private static boolean isErrorPage(HttpServletRequest request) {
        return switch (request.getDispatcherType()) {
            case ERROR -> true;
            case FORWARD, INCLUDE, ASYNC -> request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
            case REQUEST -> false;
        };
    }

    private static void goOn(
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

    private void refuse(JsonResponse refusal, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (request.getDispatcherType() == DispatcherType.INCLUDE) {
            // What is included has no status of its own; a refusal in words would stand in the middle of somebody's
            // page.
            failures.leftOut(request);
            return;
        }
        refusal.send(request, response);
    }
}
