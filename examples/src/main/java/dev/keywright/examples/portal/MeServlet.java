package dev.keywright.examples.portal;

import dev.keywright.management.ScopeCatalog;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Tells a page who is signed in, and which scopes it can offer to new keys. */
final class MeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient DemoSessions sessions;
    private final transient ScopeCatalog offered;

    MeServlet(DemoSessions sessions, ScopeCatalog offered) {
        this.sessions = sessions;
        this.offered = offered;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            JsonAnswer.notAllowed(response, "GET, HEAD");
            return;
        }
        DemoPerson person = sessions.person(request).orElseThrow();
        JsonAnswer.person(response, person, offered);
    }
}
