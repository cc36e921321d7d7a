package dev.keywright.examples.portal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Jetty's own errors, in the portal's words: its pages would show what was sent, and what it runs on. They are for what is
 * no proper request, and for faults of ours; no filter has seen the former.
 */
final class JsonErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        PageHeaders.ALL.forEach(response.getHeaders()::put);
        String body = "{\"error\":\"" + sentence(response.getStatus()) + "\"}";
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }

    private static String sentence(int status) {
        return switch (status) {
            case 405, 501 -> "this method cannot be used here";
            case 414, 431 -> "the address or the headers are too long";
            case 505 -> "this version of HTTP is not spoken here";
            default -> status < 500 ? "the request cannot be understood" : "something went wrong on our side";
        };
    }
}
