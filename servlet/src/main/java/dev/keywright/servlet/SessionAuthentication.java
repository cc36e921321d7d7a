package dev.keywright.servlet;

import dev.keywright.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * How the host says whose session a request belongs to: session tokens are its own, and the library never issues or stores
 * them.
 *
 * <p>The session must come in a header, as {@code Authorization: Bearer …} does. A cookie that browsers send by themselves
 * would let pages of other sites manage keys in the name of whoever looks at them.
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
    Optional<Session> authenticate(HttpServletRequest request);
}
