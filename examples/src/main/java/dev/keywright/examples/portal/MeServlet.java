package dev.keywright.examples.portal;

import dev.keywright.management.ScopeCatalog;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Returns the signed-in person, and the scopes that a new key may have. */
final class MeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient DemoSessions sessions;
    private final transient ScopeCatalog catalog;

    MeServlet(DemoSessions sessions, ScopeCatalog catalog) {
        this.sessions = sessions;
        this.catalog = catalog;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            JsonResponses.notAllowed(response, "GET, HEAD");
            return;
        }
        DemoPerson person = sessions.person(request).orElseThrow();
        JsonResponses.person(response, person, catalog);
    }
}
