package dev.keywright.servlet;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import jakarta.servlet.ServletContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottledLogTest {

    private static final String MESSAGE = "API key store unavailable";

    private final ServletContext context = mock();
    private final StoreUnavailableException failure = new StoreUnavailableException("the pool is empty", null);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE, Long.MAX_VALUE})
    void failureIsLoggedOnceAMinuteWithTheNumberSuppressed(long start) {
        AtomicLong nanos = new AtomicLong(start);
        ThrottledLog log = new ThrottledLog(nanos::get);
        log.log(context, MESSAGE, failure);
        verify(context).log(MESSAGE, failure);
        log.log(context, MESSAGE, failure);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        log.log(context, MESSAGE, failure);
        verifyNoMoreInteractions(context);

        nanos.incrementAndGet();
        log.log(context, MESSAGE, failure);
        verify(context).log(MESSAGE + " (2 similar events suppressed)", failure);

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        log.log(context, MESSAGE, failure);
        verify(context, times(2)).log(MESSAGE, failure);
        verifyNoMoreInteractions(context);
    }

    @Test
    void failuresAreCountedByClass() {
        ThrottledLog log = new ThrottledLog(() -> 0);
        log.log(context, MESSAGE, failure);
        OutcomeUnknownException other = new OutcomeUnknownException(null);
        log.log(context, MESSAGE, other);
        verify(context).log(MESSAGE, failure);
        verify(context).log(MESSAGE, other);
    }

    @Test
    void eventWithoutAFailureIsThrottledToo() {
        ThrottledLog log = new ThrottledLog(() -> 0);
        log.log(context, "kind", "first", null);
        log.log(context, "kind", "second", null);
        verify(context).log("first");
        verify(context, times(0)).log(any(String.class), any());
        verifyNoMoreInteractions(context);
    }
}
