package dev.keywright.servlet;

import dev.keywright.management.ManagementSession;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * How the host says whose session a request belongs to: session tokens are its own, and the library never issues or stores
 * them.
 *
 * <p>The session should come in a header, as {@code Authorization: Bearer …} does. A cookie that browsers send by themselves
 * lets pages of other sites manage keys in the name of whoever looks at them, unless the host sees to it that it counts for
 * its own pages alone: by {@code Sec-Fetch-Site: same-origin}, for example. {@code SameSite} is not enough, since to it all
 * ports and all subdomains of a host are one site.
 *
 * <p>It is never asked about a request that carries an API key. Must be safe for use by many threads.
 */
@FunctionalInterface
public interface SessionAuthentication {

    /**
     * Finds out who is signed in.
     *
     * @param request the request, which must be left unread: its body is still wanted
     * @return their session; empty where nobody is signed in
     */
    Optional<ManagementSession> authenticate(HttpServletRequest request);
}
