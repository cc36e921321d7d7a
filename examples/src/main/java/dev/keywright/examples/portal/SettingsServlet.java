package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings page, below {@code /settings}, to which the root leads. There is nothing of anybody in its files: what the page shows, it asks the API
 * for, which says who may see it.
 */
final class SettingsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String PAGE = "/api-keys";

    private final transient Map<String, PageFile> files = Stream.of(
                    "portal.css",
                    "icon.svg",
                    "api-keys.js",
                    "acts.js",
                    "api.js",
                    "dialogs.js",
                    "rows.js",
                    "secret.js",
                    "words.js")
            .collect(Collectors.toUnmodifiableMap(name -> "/" + name, PageFile::named));

    private final transient PageFile page = PageFile.named("api-keys.html");
    private final transient BrowserSessions browsers;

    SettingsServlet(BrowserSessions browsers) {
        this.browsers = browsers;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path == null || path.equals("/")) {
            leadOn(request, response);
            return;
        }
        PageFile file = PAGE.equals(path) ? page : files.get(String.valueOf(path));
        if (file == null) {
            JsonAnswer.error(response, 404, "there is nothing here");
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            JsonAnswer.notAllowed(response, "GET, HEAD");
        } else if (PAGE.equals(path)
                && SessionCookie.in(request).flatMap(browsers::find).isEmpty()) {
            response.setStatus(303);
            response.setHeader("Location", ".." + SignInServlet.SIGN_IN);
        } else {
            file.send(request, response, 200);
        }
    }

    /** There is one page of settings, and nothing else that a person may be looking for. */
    private static void leadOn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            response.setStatus(303);
            // Relative, since a proxy may have the portal below a path of its own.
            boolean closed = request.getRequestURI().endsWith("/settings/");
            response.setHeader("Location", closed ? PAGE.substring(1) : "settings" + PAGE);
        } else {
            JsonAnswer.notAllowed(response, "GET, HEAD");
        }
    }
}
