package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsyncRequestBodyTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicReference<Object> attribute = new AtomicReference<>();
    private final HttpServletRequest request = mock();
    private final AsyncContext async = mock();
    private final ArrivingStream in = new ArrivingStream();
    private final AsyncRequestBody body = new AsyncRequestBody(request, async, in, 1, now::get);

    @BeforeEach
    void storeAttribute() {
        doAnswer(call -> {
                    attribute.set(call.getArgument(1));
                    return null;
                })
                .when(request)
                .setAttribute(any(), any());
        when(request.getAttribute(any())).thenAnswer(call -> attribute.get());
    }

    private void arrives(String text) throws IOException {
        in.arrived = text.getBytes(StandardCharsets.UTF_8);
        body.onDataAvailable();
    }

    /** Stream that returns the bytes that arrived last in one read, and then is not ready. */
    private static final class ArrivingStream extends ServletInputStream {

        private byte[] arrived = {};

        @Override
        public boolean isReady() {
            return arrived.length > 0;
        }

        @Override
        public int read(byte[] to, int from, int length) {
            int n = arrived.length;
            System.arraycopy(arrived, 0, to, from, n);
            arrived = new byte[0];
            return n;
        }

        @Override
        public int read() {
            throw new AssertionError("read byte by byte");
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new AssertionError("not used");
        }
    }

    private String taken() {
        return AsyncRequestBody.take(request).orElseThrow();
    }

    @Test
    void bodyIsTakenWhenComplete() throws IOException {
        arrives("{\"key\":");
        verify(async, never()).dispatch();
        arrives("\"ü\"}");
        body.onAllDataRead();

        verify(async).dispatch();
        assertThat(taken()).isEqualTo("{\"key\":\"ü\"}");
        verify(request).removeAttribute(any());
    }

    @Test
    void bodyIsRejectedAfterTenSeconds() throws IOException {
        arrives("{");
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        arrives("{");
        verify(async, never()).dispatch();
        now.incrementAndGet();
        arrives("{");

        verify(async).dispatch();
        assertThatThrownBy(this::taken)
                .isInstanceOf(BadRequestException.class)
                .hasMessage("the body must be sent within 10 seconds");
    }

    @Test
    void stalledBodyIsRejectedAtTheTimeOut() {
        body.onTimeout(mock(AsyncEvent.class));

        assertThatThrownBy(this::taken).hasMessage("the body must be sent within 10 seconds");
    }

    @Test
    void malformedBodyIsRejected() {
        body.onError(new IOException("broken chunk"));

        assertThatThrownBy(this::taken).hasMessage("the body could not be read");
    }

    @Test
    void requestIsDispatchedOnlyOnce() {
        body.onAllDataRead();
        body.onTimeout(mock(AsyncEvent.class));
        body.onError(new IOException());
        body.onError(mock(AsyncEvent.class));

        verify(async, times(1)).dispatch();
        assertThat(taken()).isEmpty();
    }

    @Test
    void endlessBodyIsReadToALimit() throws IOException {
        String block = "x".repeat(8192);
        for (int i = 0; i < 513; i++) {
            arrives(block);
        }

        verify(async).dispatch();
        assertThatThrownBy(this::taken).hasMessage("the body must not be larger than 1 KiB");
    }
}
