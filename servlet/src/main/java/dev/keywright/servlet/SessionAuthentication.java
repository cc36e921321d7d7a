package dev.keywright.servlet;

import dev.keywright.management.ManagementSession;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Authenticates the user of a request. Session tokens belong to the host; the library never issues or stores them.
 *
 * <p>The session should come in a header, such as {@code Authorization: Bearer …}. Browsers attach cookies automatically, so a
 * cookie allows cross-site request forgery unless the host accepts it from its own pages only: by {@code Sec-Fetch-Site:
 * same-origin}, for example. {@code SameSite} is not sufficient, since all ports and subdomains of a host are the same site.
 *
 * <p>Not called for requests that carry an API key. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface SessionAuthentication {

    /**
     * Returns the session of the user who sent a request.
     *
     * @param request the request; its body must not be read
     * @return the session; empty if the request has no valid session
     */
    Optional<ManagementSession> authenticate(HttpServletRequest request);
}
