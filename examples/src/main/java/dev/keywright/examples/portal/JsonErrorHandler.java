package dev.keywright.examples.portal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Replaces Jetty's error pages, which would show the request and the server version. Handles malformed requests, which no filter has
 * seen, and internal errors.
 */
final class JsonErrorHandler implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        SecurityHeadersFilter.ALL.forEach(response.getHeaders()::put);
        String body = "{\"error\":\"" + message(response.getStatus()) + "\"}";
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }

    private static String message(int status) {
        return switch (status) {
            case 405, 501 -> "this method cannot be used here";
            case 414, 431 -> "the address or the headers are too long";
            case 505 -> "this version of HTTP is not spoken here";
            default -> status < 500 ? "the request cannot be understood" : "something went wrong on our side";
        };
    }
}
