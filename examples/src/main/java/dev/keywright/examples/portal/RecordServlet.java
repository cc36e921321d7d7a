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
 * Lists, gets, creates and updates things of one kind. What an API key may do here is not its concern: the filter's table
 * has said so before. Whose things they are is, and the principal alone says that.
 */
final class RecordServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** A client that sends a byte now and then holds a thread: they must not come to hold all of them. */
    private static final Semaphore READING = new Semaphore(50);

    private final transient Records records;

    RecordServlet(Records records) {
        this.records = records;
    }

    /** In place of the one method for each verb that a servlet has by custom: what is not named here is refused. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        TenantId district = district(request.getUserPrincipal());
        String path = request.getPathInfo();
        try {
            if (path == null) {
                all(district, request, response);
            } else {
                one(district, path.substring(1), request, response);
            }
        } catch (BadRequest e) {
            JsonAnswer.error(response, 400, e.sentence());
        } catch (TooManyBodies e) {
            response.setHeader("Retry-After", "1");
            JsonAnswer.error(response, 503, "too many requests are on their way; try again");
        }
    }

    private void all(TenantId district, HttpServletRequest request, HttpServletResponse response)
            throws IOException, BadRequest {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> JsonAnswer.entries(response, records.list(district));
            case "POST" -> JsonAnswer.entry(response, 201, records.add(district, body(request)));
            default -> JsonAnswer.notAllowed(response, "GET, HEAD, POST");
        }
    }

    private void one(TenantId district, String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException, BadRequest {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> answer(response, records.find(district, id));
            case "PUT" -> {
                Optional<DistrictRecord> known = records.find(district, id);
                answer(response, known.isEmpty() ? known : records.replace(district, id, body(request)));
            }
            default -> JsonAnswer.notAllowed(response, "GET, HEAD, PUT");
        }
    }

    private Map<String, String> body(HttpServletRequest request) throws IOException, BadRequest {
        if (!READING.tryAcquire()) {
            throw new TooManyBodies();
        }
        try {
            return JsonBody.read(request.getInputStream(), records.fields());
        } finally {
            READING.release();
        }
    }

    private static void answer(HttpServletResponse response, Optional<DistrictRecord> entry) throws IOException {
        if (entry.isPresent()) {
            JsonAnswer.entry(response, 200, entry.get());
        } else {
            JsonAnswer.error(response, 404, "there is nothing of that id in this district");
        }
    }

    private static TenantId district(Principal caller) {
        if (caller instanceof ApiKeyPrincipal key) {
            return key.tenant();
        }
        if (caller instanceof PersonPrincipal person) {
            return person.session().tenant();
        }
        throw new IllegalStateException("no filter has said who this is");
    }

    /** As many bodies are being read as may be. */
    private static final class TooManyBodies extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
