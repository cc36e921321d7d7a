package dev.keywright.examples.portal;

import dev.keywright.management.ManagementSession;
import dev.keywright.servlet.SessionAuthentication;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.Optional;

/** The portal's own authentication: admits requests of signed-in people. */
final class SessionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient SessionAuthentication sessions;
    private final String publicPath;

    /**
     * Creates the filter.
     *
     * @param sessions finds the session of a request
     * @param publicPath the one path that needs no session
     */
    SessionFilter(SessionAuthentication sessions, String publicPath) {
        this.sessions = sessions;
        this.publicPath = publicPath;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // The principal is an API key that the previous filter has admitted.
        if (request.getUserPrincipal() != null || request.getServletPath().equals(publicPath)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<ManagementSession> session = sessions.authenticate(request);
        if (session.isPresent()) {
            chain.doFilter(signedIn(request, new PersonPrincipal(session.get())), response);
        } else if (Collections.list(request.getHeaders("Authorization")).size() > 1) {
            reject(response, 400, ", error=\"invalid_request\"", "the Authorization header must be sent once");
        } else {
            // RFC 6750, section 3.1: no error code for a request without a token.
            String error = BearerToken.of(request).isPresent() ? ", error=\"invalid_token\"" : "";
            reject(response, 401, error, "sign in, or use an API key");
        }
    }

    private static void reject(HttpServletResponse response, int status, String error, String message)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"api\"" + error);
        JsonResponses.error(response, status, message);
    }

    private static HttpServletRequest signedIn(HttpServletRequest request, PersonPrincipal person) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public Principal getUserPrincipal() {
                return person;
            }

            @Override
            public String getRemoteUser() {
                return person.getName();
            }

            @Override
            public boolean isUserInRole(String role) {
                return person.session().roles().contains(role);
            }
        };
    }
}
