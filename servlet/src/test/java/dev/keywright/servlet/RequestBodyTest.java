package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestBodyTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    /** {@return a stream that delivers one byte a second} */
    private InputStream trickling(int bytes) {
        return new InputStream() {
            private int sent;

            @Override
            public int read() {
                return sent++ < bytes ? '{' : -1;
            }

            @Override
            public int read(byte[] to, int from, int length) {
                now.addAndGet(TimeUnit.SECONDS.toNanos(1));
                int one = read();
                if (one < 0) {
                    return -1;
                }
                to[from] = (byte) one;
                return 1;
            }
        };
    }

    @Test
    void bodyIsReadForAtMostTenSeconds() throws IOException {
        assertThat(RequestBody.bytes(trickling(9), 1, now::get)).hasSize(9);

        assertThatThrownBy(() -> RequestBody.bytes(trickling(1000), 1, now::get))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("the body must be sent within 10 seconds");
    }

    @Test
    void bodyIsReadUpToItsLimit() throws IOException {
        assertThat(RequestBody.bytes(new ByteArrayInputStream(new byte[1024]), 1, now::get))
                .hasSize(1024);

        assertThatThrownBy(() -> RequestBody.bytes(new ByteArrayInputStream(new byte[1025]), 1, now::get))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("the body must not be larger than 1 KiB");
    }
}
