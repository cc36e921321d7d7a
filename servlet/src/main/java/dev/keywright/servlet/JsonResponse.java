package dev.keywright.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Response with a JSON body, which no cache may store. Immutable. */
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
        return error(405, "allowed methods: " + methods).with("Allow", methods);
    }

    JsonResponse with(String header, String value) {
        Map<String, String> extended = new LinkedHashMap<>(headers);
        extended.put(header, value);
        return new JsonResponse(status, body, extended);
    }

    /**
     * Sends the response, then discards the rest of the request body, so that an early response is not delayed. If there is a
     * rest, the response announces that the connection will be closed (RFC 9112, section 9.6): the amount discarded is bounded, so
     * a further request might not be readable.
     *
     * @throws IOException if the client has disconnected, or if another response is already committed, which must neither continue
     *     nor look complete
     */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            if (response.getStatus() >= 400) {
                // The request is rejected already: some containers respond themselves if they cannot read a body.
                return;
            }
            throw new IOException(
                    "cannot respond with " + status + ": an earlier filter has already committed the response");
        }
        // Discards the output of earlier filters.
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
            // An earlier filter has called getWriter(), which excludes the stream, and may encode in another charset.
            response.getWriter().print(Json.inAscii(body));
            return;
        }
        response.setContentLength(body.length);
        out.write(body);
    }
}
