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
 * Sees to it that a client which is answered before it has sent its body gets that answer. If the connection were closed on
 * it while it sends, it would often lose it: so what it sends is thrown away. How much, for how long and for how many at
 * once has its bounds. So after a body that is larger than almost anything here would read, or in chunks, which may be, the
 * connection is closed, and the client is told so (RFC 9112, section 9.6).
 */
final class UnreadBodies extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 4 * 1024 * 1024;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

    private final transient Semaphore discarding = new Semaphore(4);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean chunked = request.getHeader("Transfer-Encoding") != null;
        if (chunked || request.getContentLengthLong() > JsonBody.LARGEST) {
            response.setHeader("Connection", "close");
        }
        chain.doFilter(request, response);
        if (request.isAsyncStarted()) {
            // The servlet reads the body as it arrives, and answers later.
            return;
        }
        // Whoever sends this header waits to be told to go on; to ask for the stream would be to tell them to.
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
        byte[] discarded = new byte[8192];
        try {
            int rest = MOST;
            int n = 0;
            while (n >= 0 && rest > 0 && System.nanoTime() - start < LONGEST) {
                n = body.read(discarded);
                rest -= n;
            }
        } catch (IOException e) {
            // The client has gone; it was answered all the same.
            return;
        }
    }
}
