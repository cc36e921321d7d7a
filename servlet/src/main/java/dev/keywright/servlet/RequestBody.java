package dev.keywright.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads the body of a request as UTF-8, up to a maximum size, regardless of its media type and charset. */
final class RequestBody {

    static final int MAX_KIB = 16;

    private static final long MAX_READ_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
    private static final long MAX_DISCARD_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Semaphore DISCARDING = new Semaphore(4);

    private RequestBody() {}

    static String read(HttpServletRequest request, int maxKib) {
        return text(bytes(request, maxKib));
    }

    static String text(byte[] bytes) {
        try {
            // This decoder rejects malformed UTF-8; the String constructor would replace it.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Some editors and clients add a byte order mark, which a parser may ignore (RFC 8259, section 8.1).
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body", "must be UTF-8");
        }
    }

    private static byte[] bytes(HttpServletRequest request, int maxKib) {
        rejectTooLarge(request, maxKib);
        try {
            return bytes(request.getInputStream(), maxKib, System::nanoTime);
        } catch (IOException e) {
            throw unreadable();
        }
    }

    /** Rejects a body whose {@code Content-Length} is too large, before any of it is read. */
    static void rejectTooLarge(HttpServletRequest request, int maxKib) {
        if (request.getContentLengthLong() > maxKib * 1024L) {
            throw tooLarge(maxKib);
        }
    }

    /**
     * Reads a body for a limited time: a client that sends slowly must not hold a thread or a permit. The clock is checked
     * between reads; for a client that sends nothing, the container's own time-out applies.
     */
    static byte[] bytes(InputStream in, int maxKib, LongSupplier nanoTime) throws IOException {
        long start = nanoTime.getAsLong();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            bytes.write(chunk, 0, n);
            if (bytes.size() > maxKib * 1024) {
                throw tooLarge(maxKib);
            }
            if (nanoTime.getAsLong() - start > MAX_READ_NANOS) {
                throw tooSlow();
            }
        }
        return bytes.toByteArray();
    }

    static BadRequestException tooLarge(int maxKib) {
        return new BadRequestException("the body", "must not be larger than " + maxKib + " KiB");
    }

    static BadRequestException tooSlow() {
        return new BadRequestException("the body", "must be sent within 10 seconds");
    }

    /** Returns the error for a body that the client has aborted, or whose chunks are malformed. */
    static BadRequestException unreadable() {
        return new BadRequestException("the body", "could not be read");
    }

    /** {@return whether the complete body can be read without waiting for the client} */
    static boolean hasArrived(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        try {
            return length >= 0 && request.getInputStream().available() >= length;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return whether the client may still be sending} */
    static boolean isUnread(HttpServletRequest request) {
        boolean announced = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        try {
            return announced
                    && (expectsContinue(request) || !request.getInputStream().isFinished());
        } catch (IOException | RuntimeException e) {
            // Another component reads the body, by getReader() for example.
            return false;
        }
    }

    /**
     * Discards the unread body. If the container closes the connection while the client is still sending, the connection is reset
     * and the client loses the response. The amount, the time and the number of concurrent clients are bounded: slow
     * clients must not exhaust the container's threads. The clock is checked between reads; for a client that sends nothing, the
     * container's own time-out applies.
     */
    static void discard(HttpServletRequest request) {
        if (!expectsContinue(request) && DISCARDING.tryAcquire()) {
            try {
                discard(request.getInputStream());
            } catch (IOException | RuntimeException e) {
                // The client has disconnected, or another component reads the body. The response has been sent already.
                return;
            } finally {
                DISCARDING.release();
            }
        }
    }

    /** A client that expects 100 does not send after a rejection; {@code getInputStream()} would tell it to send. */
    private static boolean expectsContinue(HttpServletRequest request) {
        return request.getHeader("Expect") != null;
    }

    private static void discard(InputStream in) throws IOException {
        long start = System.nanoTime();
        byte[] chunk = new byte[8192];
        int remaining = MAX_DISCARDED_BYTES;
        while (remaining > 0 && System.nanoTime() - start < MAX_DISCARD_NANOS) {
            int n = in.read(chunk);
            if (n < 0) {
                return;
            }
            remaining -= n;
        }
    }
}
