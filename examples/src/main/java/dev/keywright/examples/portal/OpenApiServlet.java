package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Serves the OpenAPI 3.1 description of the management endpoints, which is public. */
final class OpenApiServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Set<String> READING = Set.of("GET", "HEAD");

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // The default implementation of TRACE echoes the session token.
        if (!READING.contains(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            JsonResponses.error(response, 405, "this method cannot be used here");
            return;
        }
        try (InputStream document = OpenApiServlet.class.getResourceAsStream("openapi.json")) {
            if (document == null) {
                throw new IllegalStateException(
                        "the resource openapi.json of the portal is missing: keep it when jars are shaded,"
                                + " and include it in a native image");
            }
            response.setContentType("application/json");
            document.transferTo(response.getOutputStream());
        }
    }
}
