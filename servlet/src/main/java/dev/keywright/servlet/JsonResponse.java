package dev.keywright.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A response with a JSON body, which no cache may store. Immutable. */
final class JsonResponse {

    private final int status;
    private final byte[] body;
    private final Map<String, String> headers;

    private JsonResponse(int status, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.body = body;
        this.headers = headers;
    }

    static JsonResponse of(int status, byte[] body) {
        return new JsonResponse(status, body, Map.of());
    }

    static JsonResponse error(int status, String message) {
        return of(status, Json.error(message));
    }

    static JsonResponse notAllowed(String methods) {
        return error(405, "allowed here: " + methods).with("Allow", methods);
    }

    JsonResponse with(String header, String value) {
        Map<String, String> extended = new LinkedHashMap<>(headers);
        extended.put(header, value);
        return new JsonResponse(status, body, extended);
    }

    /**
     * Sends the response, then discards what the client may still be sending, so that an early response is not delayed. The
     * connection is then closed, and the client is told so (RFC 9112, section 9.6): the amount discarded is bounded, so another
     * request might not be readable.
     *
     * @throws IOException if the client has disconnected, or if another response is already committed: it must neither continue
     *     nor look complete
     */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            if (response.getStatus() >= 400) {
                // Already rejected: some containers respond on their own if a body cannot be read.
                return;
            }
            throw new IOException(
                    "cannot respond with " + status + ": an earlier filter has already committed the response");
        }
        // Discards what an earlier filter has buffered.
        response.resetBuffer();
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        headers.forEach(response::setHeader);
        // JSON is UTF-8 by definition (RFC 8259, section 8.1), and its media type has no charset.
        response.setContentType("application/json");
        boolean unread = RequestBody.isUnread(request);
        if (unread && request.getProtocol().startsWith("HTTP/1.")) {
            response.setHeader("Connection", "close");
        }
        write(response);
        response.flushBuffer();
        if (unread) {
            RequestBody.discard(request);
        }
    }

    private void write(HttpServletResponse response) throws IOException {
        ServletOutputStream out;
        try {
            out = response.getOutputStream();
        } catch (IllegalStateException e) {
            // An earlier filter has called getWriter(), which excludes the stream; its charset may be a small one.
            response.getWriter().print(Json.inAscii(body));
            return;
        }
        response.setContentLength(body.length);
        out.write(body);
    }
}
