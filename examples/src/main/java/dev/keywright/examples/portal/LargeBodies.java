package dev.keywright.examples.portal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * Throws away what a client is still sending when it has been answered. The connection would be closed on it, and a client
 * that is cut off while it sends often loses the answer, too. There is a bound to it: who sends more is cut off.
 */
final class UnreadBodies extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 4 * 1024 * 1024;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        response.flushBuffer();
        // Whoever sends this header waits to be told to go on, and will not be.
        if (request.getHeader("Expect") == null) {
            discard(request);
        }
    }

    private static void discard(HttpServletRequest request) {
        long start = System.nanoTime();
        byte[] discarded = new byte[8192];
        try {
            InputStream body = request.getInputStream();
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
