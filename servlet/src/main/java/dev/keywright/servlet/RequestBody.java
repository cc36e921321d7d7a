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

/** Reads the body of a request as UTF-8: no more of it than a request can need, whatever its headers say. */
final class RequestBody {

    static final int LONGEST_KIB = 16;

    private static final long LONGEST_READING = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_DISCARDED = 4 * 1024 * 1024;
    private static final long LONGEST_DISCARDING = TimeUnit.SECONDS.toNanos(2);
    private static final Semaphore DISCARDING = new Semaphore(4);

    private RequestBody() {}

    static String read(HttpServletRequest request, int longestKib) {
        return text(bytes(request, longestKib));
    }

    static String text(byte[] bytes) {
        try {
            // This decoder refuses what is not UTF-8; a String's constructor would make question marks of it.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Some editors and some clients put a byte order mark before it, which may be ignored (RFC 8259, section
            // 8.1).
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body", "must be UTF-8");
        }
    }

    private static byte[] bytes(HttpServletRequest request, int longestKib) {
        refuseTooLarge(request, longestKib);
        try {
            return bytes(request.getInputStream(), longestKib, System::nanoTime);
        } catch (IOException e) {
            throw unreadable();
        }
    }

    /** Refuses a body that says itself that it is too large, before any of it is read. */
    static void refuseTooLarge(HttpServletRequest request, int longestKib) {
        if (request.getContentLengthLong() > longestKib * 1024L) {
            throw tooLarge(longestKib);
        }
    }

    /**
     * Reads a body, for a time: a client that sends a byte now and then must not hold a thread, or one of few places. (The
     * time is looked at between reads; a client that sends nothing at all is up to the container's own limit.)
     */
    static byte[] bytes(InputStream in, int longestKib, LongSupplier nanoTime) throws IOException {
        long start = nanoTime.getAsLong();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
            bytes.write(some, 0, n);
            if (bytes.size() > longestKib * 1024) {
                throw tooLarge(longestKib);
            }
            if (nanoTime.getAsLong() - start > LONGEST_READING) {
                throw tooSlow();
            }
        }
        return bytes.toByteArray();
    }

    static BadRequestException tooLarge(int longestKib) {
        return new BadRequestException("the body", "must not be larger than " + longestKib + " KiB");
    }

    static BadRequestException tooSlow() {
        return new BadRequestException("the body", "must be sent within 10 seconds");
    }

    /** The client has cut the body off, or its chunks are broken. */
    static BadRequestException unreadable() {
        return new BadRequestException("the body", "could not be read");
    }

    /** {@return whether all of the body can be read without waiting for the client} */
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
                    && (waitsToBeToldToSend(request)
                            || !request.getInputStream().isFinished());
        } catch (IOException | RuntimeException e) {
            // Somebody else reads the body, in another way.
            return false;
        }
    }

    /**
     * Throws away what was not read. A container that closes the connection on a client which is still sending resets it,
     * and the client loses the answer that it was given. How much is thrown away, for how long, and for how many clients at
     * once, has its bounds: strangers who send slowly must not use up the container's threads. (The time is looked at between
     * reads; a client that sends nothing at all is up to the container's own limit.)
     */
    static void discard(HttpServletRequest request) {
        if (!waitsToBeToldToSend(request) && DISCARDING.tryAcquire()) {
            try {
                discard(request.getInputStream());
            } catch (IOException | RuntimeException e) {
                // The client has gone, or somebody else has read the body: its answer is given in any case.
                return;
            } finally {
                DISCARDING.release();
            }
        }
    }

    /** Whoever waits so and is refused will not send; and to ask for the stream would be to tell them to. */
    private static boolean waitsToBeToldToSend(HttpServletRequest request) {
        return request.getHeader("Expect") != null;
    }

    private static void discard(InputStream in) throws IOException {
        long start = System.nanoTime();
        byte[] discarded = new byte[8192];
        int rest = MOST_DISCARDED;
        while (rest > 0 && System.nanoTime() - start < LONGEST_DISCARDING) {
            int n = in.read(discarded);
            if (n < 0) {
                return;
            }
            rest -= n;
        }
    }
}
