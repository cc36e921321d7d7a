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
 * Sees to it that a client with a body that is larger than anything here would read gets its refusal. If the connection were
 * closed on it while it sends, it would often lose the answer; and if it were used again, a client that stops sending when
 * it is answered would have its next request read as the rest of this one. So what it sends is thrown away, and then the
 * connection is closed. How much, for how long and for how many at once has its bounds.
 */
final class LargeBodies extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 4 * 1024 * 1024;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

    private final transient Semaphore discarding = new Semaphore(4);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // A body in chunks does not say how large it is.
        boolean large =
                request.getContentLengthLong() > JsonBody.LARGEST || request.getHeader("Transfer-Encoding") != null;
        if (large) {
            response.setHeader("Connection", "close");
        }
        chain.doFilter(request, response);
        if (large && discarding.tryAcquire()) {
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
