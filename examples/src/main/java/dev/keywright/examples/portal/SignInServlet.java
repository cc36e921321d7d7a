package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Signs demo people in and out with a browser. In place of a password they give the session token that the portal printed for
 * them; it stays out of the browser's cookies and addresses.
 */
final class SignInServlet extends HttpServlet {

    static final String SIGN_IN = "/sign-in";
    static final String SIGN_OUT = "/sign-out";

    private static final long serialVersionUID = 1L;

    private static final String AFTERWARDS = "/settings/api-keys";
    private static final String PROBLEM = "<p id=\"problem\" class=\"notice bad\" role=\"alert\">%s</p>";
    private static final String UNKNOWN =
            "This is not the session token of anybody. They change each time the portal starts.";
    private static final String STRANGE = "This did not come from the portal's own page. Try again here.";

    private final transient PageFile page = PageFile.named("sign-in.html");
    private final transient DemoSessions sessions;
    private final transient BrowserSessions browsers;

    SignInServlet(DemoSessions sessions, BrowserSessions browsers) {
        this.sessions = sessions;
        this.browsers = browsers;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean out = request.getServletPath().equals(SIGN_OUT);
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (reads && !out) {
            page("Sign in – Portal", "<span id=\"problem\"></span>").send(request, response, 200);
        } else if (!request.getMethod().equals("POST")) {
            JsonAnswer.notAllowed(response, out ? "POST" : "GET, HEAD, POST");
        } else if (!OwnPage.asks(request)) {
            // Another site could sign somebody in as somebody else, who would then create keys in the wrong district.
            refuse(request, response, STRANGE);
        } else if (out) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.none());
            goOn(response, SIGN_IN);
        } else {
            signIn(request, response);
        }
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<DemoPerson> person = token(request).flatMap(sessions::holder);
        if (person.isPresent()) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.of(browsers.start(person.get())));
            goOn(response, AFTERWARDS);
        } else {
            refuse(request, response, UNKNOWN);
        }
    }

    /** {@return the token in the form; in an address, where the container would look for it too, it is not one} */
    private static Optional<String> token(HttpServletRequest request) {
        return request.getQueryString() == null
                ? Optional.ofNullable(request.getParameter("token")).map(String::strip)
                : Optional.empty();
    }

    /** With 403: 401 would have to name a scheme by which clients of HTTP sign in, and a form is none. */
    private void refuse(HttpServletRequest request, HttpServletResponse response, String sentence) throws IOException {
        page("Not signed in – Portal", PROBLEM.formatted(sentence)).send(request, response, 403);
    }

    private PageFile page(String title, String problem) {
        return page.with("title", title).with("problem", problem);
    }

    /** As a new request without a body (RFC 9110, section 15.4.4), so that loading the page again sends nothing again. */
    private static void goOn(HttpServletResponse response, String path) {
        response.setStatus(303);
        response.setHeader("Location", path);
    }
}
