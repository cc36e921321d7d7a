package dev.keywright.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of ours: a status, a body of JSON, and headers. No cache may keep any of them. */
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

    static JsonResponse error(int status, String sentence) {
        return of(status, Json.error(sentence));
    }

    static JsonResponse notAllowed(String methods) {
        return error(405, "allowed here: " + methods).with("Allow", methods);
    }

    JsonResponse with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new JsonResponse(status, body, more);
    }

    /**
     * Answers first, and only then throws away what the client may still be sending, so that nobody who is answered early
     * has to wait for it. That connection is closed afterwards, and the client is told so (RFC 9112, section 9.6): since
     * no more than so much is thrown away, it cannot be promised that another request could follow.
     *
     * @throws IOException if the client has gone, or another answer is on its way already: that one must not go on, nor look
     *     as if it were complete
     */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            if (response.getStatus() >= 400) {
                // It is refused already: some containers answer by themselves where a body cannot be read.
                return;
            }
            throw new IOException("this cannot be answered with " + status
                    + " any more: a filter before this one has committed its answer");
        }
        // What somebody has begun to write before would stand in front of it.
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
            // Somebody before has asked for the writer: there is one of the two alone, and its alphabet may be a small
            // one.
            response.getWriter().print(Json.inAscii(body));
            return;
        }
        response.setContentLength(body.length);
        out.write(body);
    }
}
