package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Signs demo people in and out with a browser. The session token that the portal has printed takes the place of a password; it
 * never appears in a cookie or URL.
 */
final class SignInServlet extends HttpServlet {

    static final String SIGN_IN = "/sign-in";
    static final String SIGN_OUT = "/sign-out";

    private static final long serialVersionUID = 1L;

    /** Relative to both paths of this servlet, since a proxy may serve the portal below a path prefix. */
    private static final String AFTER_SIGN_IN = "settings/api-keys";

    private static final String PROBLEM = "<p id=\"problem\" class=\"notice bad\" role=\"alert\">%s</p>";
    private static final String UNKNOWN = "This session token is not valid. Tokens change each time the portal starts.";
    private static final String CROSS_SITE = "This request did not come from the portal's own page. Try again here.";
    private static final String BUSY = "Too many people are signing in at the moment. Try again.";

    /** Longer than a form with a session token. */
    private static final int MAX_FORM_BYTES = 1024;

    /** Unauthenticated clients are read here: slow ones must not exhaust the threads. */
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
        boolean signOut = request.getServletPath().equals(SIGN_OUT);
        boolean safe = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (safe && !signOut) {
            page("Sign in – Portal", "<span id=\"problem\"></span>").send(request, response, 200);
        } else if (!request.getMethod().equals("POST")) {
            JsonResponses.notAllowed(response, signOut ? "POST" : "GET, HEAD, POST");
        } else if (!SameOrigin.is(request)) {
            // Login CSRF: another site could sign a user in as another person, who would then create keys in the wrong
            // district.
            reject(request, response, 403, CROSS_SITE);
        } else if (signOut) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.none());
            redirect(response, SIGN_IN.substring(1));
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
            reject(request, response, 503, BUSY);
        }
    }

    private void signIn(Optional<DemoPerson> person, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (person.isPresent()) {
            SessionCookie.in(request).ifPresent(browsers::end);
            response.addCookie(SessionCookie.of(browsers.start(person.get())));
            redirect(response, AFTER_SIGN_IN);
        } else {
            // Not 401, which requires the name of an HTTP authentication scheme.
            reject(request, response, 403, UNKNOWN);
        }
    }

    /**
     * {@return the token in the form; a query parameter, which the container would read too, is rejected} A form without a {@code
     * Content-Length}, or with one that is too large, is not read; browsers send the header.
     */
    private static Optional<String> token(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return request.getQueryString() == null && length >= 0 && length <= MAX_FORM_BYTES
                ? Optional.ofNullable(request.getParameter("token")).map(String::strip)
                : Optional.empty();
    }

    private void reject(HttpServletRequest request, HttpServletResponse response, int status, String message)
            throws IOException {
        page("Not signed in – Portal", PROBLEM.formatted(message)).send(request, response, status);
    }

    private PageFile page(String title, String problem) {
        return page.with("title", title).with("problem", problem);
    }

    /** Redirects with 303 (RFC 9110, section 15.4.4), so that reloading the page does not repeat the POST. */
    private static void redirect(HttpServletResponse response, String path) {
        response.setStatus(303);
        response.setHeader("Location", path);
    }
}
