package dev.keywright.examples.portal;

import dev.keywright.ApiKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Returns the signed-in person, and what a new key of this person may have. */
final class MeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient DemoSessions sessions;
    private final transient ApiKeys keys;

    MeServlet(DemoSessions sessions, ApiKeys keys) {
        this.sessions = sessions;
        this.keys = keys;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            JsonResponses.notAllowed(response, "GET, HEAD");
            return;
        }
        DemoPerson person = sessions.person(request).orElseThrow();
        JsonResponses.person(response, person, keys.isLimitedToOwnKeys(person.session()), keys.scopeCatalog());
    }
}
