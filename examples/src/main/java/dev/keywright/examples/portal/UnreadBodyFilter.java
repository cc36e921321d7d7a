package dev.keywright.examples.portal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Discards unread request bodies, so that a client that is answered early receives the response. If the connection were closed
 * while the client sends, the client would often lose it. The amount, the time and the number of concurrent clients are bounded.
 * So after a body that is chunked or larger than the limit of the portal, the connection is closed, and the client is told so
 * (RFC 9112, section 9.6).
 */
final class UnreadBodyFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final int MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
    private static final long MAX_DISCARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final transient Semaphore discarding = new Semaphore(4);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean chunked = request.getHeader("Transfer-Encoding") != null;
        if (chunked || request.getContentLengthLong() > JsonBody.MAX_BYTES) {
            response.setHeader("Connection", "close");
        }
        chain.doFilter(request, response);
        if (request.isAsyncStarted()) {
            // The servlet reads the body as it arrives, and responds later.
            return;
        }
        // A client with this header waits for 100 (Continue), which calling getInputStream() would send.
        boolean sends = (chunked || request.getContentLengthLong() > 0) && request.getHeader("Expect") == null;
        if (sends && discarding.tryAcquire()) {
            try {
                response.flushBuffer();
                discard(request.getInputStream());
            } finally {
                discarding.release();
            }
        }
    }

    private static void discard(InputStream body) {
        long start = System.nanoTime();
        byte[] chunk = new byte[8192];
        try {
            int remaining = MAX_DISCARDED_BYTES;
            int n = 0;
            while (n >= 0 && remaining > 0 && System.nanoTime() - start < MAX_DISCARD_NANOS) {
                n = body.read(chunk);
                remaining -= n;
            }
        } catch (IOException e) {
            // The client has disconnected; the response was sent in any case.
            return;
        }
    }
}
