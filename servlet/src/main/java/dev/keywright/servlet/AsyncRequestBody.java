package dev.keywright.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Request body that is read without blocking: a slow client holds a connection, but no thread.
 *
 * <ol>
 *   <li>The first dispatch of a request starts asynchronous processing and returns; the container then delivers the bytes as they
 *       arrive.
 *   <li>Once the body is complete, too large, late or broken, the request is dispatched to the same servlet again, exactly once.
 *   <li>The second dispatch {@linkplain #take takes} the body, or throws the {@link BadRequestException} of the failure.
 * </ol>
 *
 * <p>Reading has two bounds: the maximum size of a body, and 10 seconds, which the time-out of the asynchronous processing and a
 * check of the clock at each arrival enforce.
 */
final class AsyncRequestBody implements ReadListener, AsyncListener {

    static final long MAX_READ_SECONDS = 10;

    private static final String ATTRIBUTE = AsyncRequestBody.class.getName();

    /** A client that gets the response while it sends may lose it, so part of an oversized body is read and dropped. */
    private static final int MAX_DROPPED_BYTES = 4 * 1024 * 1024;

    private final HttpServletRequest request;
    private final AsyncContext async;
    private final ServletInputStream in;
    private final int maxKib;
    private final LongSupplier nanoTime;
    private final long start;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean dispatched = new AtomicBoolean();
    private int dropped;
    private @Nullable BadRequestException failure;

    AsyncRequestBody(
            HttpServletRequest request, AsyncContext async, ServletInputStream in, int maxKib, LongSupplier nanoTime) {
        this.request = request;
        this.async = async;
        this.in = in;
        this.maxKib = maxKib;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /**
     * Returns whether the body of a request can be read without blocking.
     *
     * @return false if the servlet, or a filter before it, is registered without asynchronous support
     */
    static boolean canStart(HttpServletRequest request) {
        return request.isAsyncSupported() && !request.isAsyncStarted();
    }

    /** Starts reading; the caller must return without a response. */
    static void start(HttpServletRequest request, HttpServletResponse response, int maxKib) {
        RequestBody.rejectTooLarge(request, maxKib);
        ServletInputStream in;
        try {
            in = request.getInputStream();
        } catch (IOException e) {
            throw RequestBody.unreadable();
        }
        // Without arguments, the container would continue without the wrappers of the host.
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(TimeUnit.SECONDS.toMillis(MAX_READ_SECONDS));
        AsyncRequestBody body = new AsyncRequestBody(request, async, in, maxKib, System::nanoTime);
        async.addListener(body);
        in.setReadListener(body);
    }

    /**
     * Takes the body of a request in its second dispatch.
     *
     * @return the body; empty in the first dispatch
     * @throws BadRequestException if the body is too large, was not sent in time, could not be read or is not UTF-8
     */
    static Optional<String> take(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof AsyncRequestBody arrived) {
            request.removeAttribute(ATTRIBUTE);
            return Optional.of(arrived.text());
        }
        return Optional.empty();
    }

    private String text() {
        if (failure != null) {
            throw failure;
        }
        return RequestBody.text(bytes.toByteArray());
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] chunk = new byte[8192];
        while (in.isReady() && !in.isFinished()) {
            int n = in.read(chunk);
            if (n < 0) {
                return;
            }
            keep(chunk, n);
            if (dropped > MAX_DROPPED_BYTES) {
                finish(RequestBody.tooLarge(maxKib));
                return;
            }
            if (nanoTime.getAsLong() - start > TimeUnit.SECONDS.toNanos(MAX_READ_SECONDS)) {
                finish(RequestBody.tooSlow());
                return;
            }
        }
    }

    private void keep(byte[] chunk, int n) {
        if (dropped > 0 || bytes.size() + n > maxKib * 1024) {
            dropped += n;
        } else {
            bytes.write(chunk, 0, n);
        }
    }

    @Override
    public void onAllDataRead() {
        finish(dropped > 0 ? RequestBody.tooLarge(maxKib) : null);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        finish(RequestBody.tooSlow());
    }

    @Override
    public void onError(Throwable cause) {
        finish(RequestBody.unreadable());
    }

    @Override
    public void onError(AsyncEvent event) {
        finish(RequestBody.unreadable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // The response is complete.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Only a later component could start another cycle.
    }

    private void finish(@Nullable BadRequestException result) {
        if (dispatched.compareAndSet(false, true)) {
            failure = result;
            request.setAttribute(ATTRIBUTE, this);
            async.dispatch();
        }
    }
}
