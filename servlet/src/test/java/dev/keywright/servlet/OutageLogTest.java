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

class OutageLogTest {

    private static final String MESSAGE = "API key store unavailable";

    private final ServletContext context = mock();
    private final StoreUnavailableException failure = new StoreUnavailableException("the pool is empty", null);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE, Long.MAX_VALUE})
    void failureIsLoggedOnceAMinuteWithTheNumberSuppressed(long start) {
        AtomicLong nanos = new AtomicLong(start);
        OutageLog outages = new OutageLog(nanos::get);
        outages.log(context, MESSAGE, failure);
        verify(context).log(MESSAGE, failure);
        outages.log(context, MESSAGE, failure);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        outages.log(context, MESSAGE, failure);
        verifyNoMoreInteractions(context);

        nanos.incrementAndGet();
        outages.log(context, MESSAGE, failure);
        verify(context).log(MESSAGE + " (2 similar events suppressed)", failure);

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        outages.log(context, MESSAGE, failure);
        verify(context, times(2)).log(MESSAGE, failure);
        verifyNoMoreInteractions(context);
    }

    @Test
    void failuresAreCountedByClass() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.log(context, MESSAGE, failure);
        OutcomeUnknownException other = new OutcomeUnknownException(null);
        outages.log(context, MESSAGE, other);
        verify(context).log(MESSAGE, failure);
        verify(context).log(MESSAGE, other);
    }

    @Test
    void eventWithoutAFailureIsThrottledToo() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.log(context, "kind", "first", null);
        outages.log(context, "kind", "second", null);
        verify(context).log("first");
        verify(context, times(0)).log(any(String.class), any());
        verifyNoMoreInteractions(context);
    }
}
