package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Serves the settings page below {@code /settings}, and redirects the root to it. The files are static: the page loads all data from
 * the API, which authorizes each request.
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
                    "filter.js",
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
            redirect(request, response);
            return;
        }
        PageFile file = PAGE.equals(path) ? page : files.get(String.valueOf(path));
        if (file == null) {
            JsonResponses.error(response, 404, "there is nothing here");
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            JsonResponses.notAllowed(response, "GET, HEAD");
        } else if (PAGE.equals(path)
                && SessionCookie.in(request).flatMap(browsers::find).isEmpty()) {
            response.setStatus(303);
            response.setHeader("Location", ".." + SignInServlet.SIGN_IN);
        } else {
            file.send(request, response, 200);
        }
    }

    /** Redirects to the only page of settings. */
    private static void redirect(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            response.setStatus(303);
            // Relative, since a proxy may serve the portal below a path prefix.
            boolean trailingSlash = request.getRequestURI().endsWith("/settings/");
            response.setHeader("Location", trailingSlash ? PAGE.substring(1) : "settings" + PAGE);
        } else {
            JsonResponses.notAllowed(response, "GET, HEAD");
        }
    }
}
