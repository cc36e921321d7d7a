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

/** The portal's own authentication, which was there before API keys were: it lets those in who are signed in. */
final class SessionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient SessionAuthentication sessions;
    private final String open;

    /**
     * Takes what it goes by.
     *
     * @param sessions says who is signed in
     * @param open the one path that is open to everybody
     */
    SessionFilter(SessionAuthentication sessions, String open) {
        this.sessions = sessions;
        this.open = open;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // The principal is an API key, which the filter before this one has let in.
        if (request.getUserPrincipal() != null || request.getServletPath().equals(open)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<ManagementSession> session = sessions.authenticate(request);
        if (session.isPresent()) {
            chain.doFilter(signedIn(request, new PersonPrincipal(session.get())), response);
        } else if (Collections.list(request.getHeaders("Authorization")).size() > 1) {
            refuse(response, 400, ", error=\"invalid_request\"", "the Authorization header must be sent once");
        } else {
            // RFC 6750, section 3.1: whoever sent no token is not told that it is invalid.
            String error = BearerToken.of(request).isPresent() ? ", error=\"invalid_token\"" : "";
            refuse(response, 401, error, "sign in, or use an API key");
        }
    }

    private static void refuse(HttpServletResponse response, int status, String error, String sentence)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"api\"" + error);
        JsonAnswer.error(response, status, sentence);
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
