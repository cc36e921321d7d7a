package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Signs demo people in and out with a browser. In place of a password they give the session token that the portal printed for
 * them; it stays out of the browser's cookies and addresses.
 */
final class SignInServlet extends HttpServlet {

    static final String SIGN_IN = "/sign-in";
    static final String SIGN_OUT = "/sign-out";

    private static final long serialVersionUID = 1L;

    /** Relative to both paths of this servlet, since a proxy may have the portal below a path of its own. */
    private static final String AFTERWARDS = "settings/api-keys";

    private static final String PROBLEM = "<p id=\"problem\" class=\"notice bad\" role=\"alert\">%s</p>";
    private static final String UNKNOWN =
            "This is not the session token of anybody. They change each time the portal starts.";
    private static final String STRANGE = "This did not come from the portal's own page. Try again here.";
    private static final String BUSY = "Too many people are signing in at the moment. Try again.";

    /** No token makes a form as long as this. */
    private static final int LONGEST_FORM = 1024;

    /** Strangers are read here: those that send a byte now and then must not come to hold all threads. */
    private static final Semaphore READING = new Semaphore(50);

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
            refuse(request, response, 403, STRANGE);
        } else if (out) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.none());
            goOn(response, SIGN_IN.substring(1));
        } else if (READING.tryAcquire()) {
            Optional<DemoPerson> person;
            try {
                person = token(request).flatMap(sessions::holder);
            } finally {
                READING.release();
            }
            signIn(person, request, response);
        } else {
            response.setHeader("Retry-After", "1");
            refuse(request, response, 503, BUSY);
        }
    }

    private void signIn(Optional<DemoPerson> person, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (person.isPresent()) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.of(browsers.start(person.get())));
            goOn(response, AFTERWARDS);
        } else {
            // Not 401, which would have to name a scheme by which clients of HTTP sign in; and a form is none.
            refuse(request, response, 403, UNKNOWN);
        }
    }

    /**
     * {@return the token in the form; in an address, where the container would look for it too, it is not one} Browsers say how
     * long a form is. Of one that is too long, or does not say it, nothing is read.
     */
    private static Optional<String> token(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return request.getQueryString() == null && length >= 0 && length <= LONGEST_FORM
                ? Optional.ofNullable(request.getParameter("token")).map(String::strip)
                : Optional.empty();
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, int status, String sentence)
            throws IOException {
        page("Not signed in – Portal", PROBLEM.formatted(sentence)).send(request, response, status);
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
