package dev.keywright.examples.portal;

import dev.keywright.TenantId;
import dev.keywright.servlet.ApiKeyPrincipal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Lists, gets, creates and updates resources. The filter has already checked the scope of an API key; this servlet takes the
 * district from the principal only.
 */
final class ResourceServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** A slow client holds a thread while its body is read: slow clients must not exhaust the threads. */
    private static final Semaphore READING = new Semaphore(50);

    private final transient ResourceRepository resources;

    ResourceServlet(ResourceRepository resources) {
        this.resources = resources;
    }

    /** Overridden in place of the methods for each verb, so that all other verbs are rejected. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        TenantId district = district(request.getUserPrincipal());
        String path = request.getPathInfo();
        try {
            if (path == null) {
                collection(district, request, response);
            } else {
                single(district, path.substring(1), request, response);
            }
        } catch (BadRequestException e) {
            JsonResponses.error(response, 400, e.sentence());
        } catch (TooManyBodies e) {
            response.setHeader("Retry-After", "1");
            JsonResponses.error(response, 503, "too many requests are on their way; try again");
        }
    }

    private void collection(TenantId district, HttpServletRequest request, HttpServletResponse response)
            throws IOException, BadRequestException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> JsonResponses.resources(response, resources.list(district));
            case "POST" -> JsonResponses.resource(response, 201, resources.add(district, body(request)));
            default -> JsonResponses.notAllowed(response, "GET, HEAD, POST");
        }
    }

    private void single(TenantId district, String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, BadRequestException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> send(response, resources.find(district, id));
            case "PUT" -> {
                Optional<Resource> existing = resources.find(district, id);
                send(response, existing.isEmpty() ? existing : resources.replace(district, id, body(request)));
            }
            default -> JsonResponses.notAllowed(response, "GET, HEAD, PUT");
        }
    }

    private Map<String, String> body(HttpServletRequest request) throws IOException, BadRequestException {
        if (!READING.tryAcquire()) {
            throw new TooManyBodies();
        }
        try {
            return JsonBody.read(request.getInputStream(), resources.fields());
        } finally {
            READING.release();
        }
    }

    private static void send(HttpServletResponse response, Optional<Resource> resource) throws IOException {
        if (resource.isPresent()) {
            JsonResponses.resource(response, 200, resource.get());
        } else {
            JsonResponses.error(response, 404, "there is nothing of that id in this district");
        }
    }

    private static TenantId district(Principal caller) {
        if (caller instanceof ApiKeyPrincipal key) {
            return key.tenant();
        }
        if (caller instanceof PersonPrincipal person) {
            return person.session().tenant();
        }
        throw new IllegalStateException("request without a principal: is the session filter mapped?");
    }

    /** The limit of concurrent bodies is reached. */
    private static final class TooManyBodies extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
