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

    private static final String LINE = "API key store unavailable";

    private final ServletContext context = mock();
    private final StoreUnavailableException failure = new StoreUnavailableException("the pool is empty", null);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE, Long.MAX_VALUE})
    void failureIsLoggedOnceAMinuteWithTheNumberSuppressed(long start) {
        AtomicLong nanos = new AtomicLong(start);
        OutageLog outages = new OutageLog(nanos::get);
        outages.log(context, LINE, failure);
        verify(context).log(LINE, failure);
        outages.log(context, LINE, failure);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        outages.log(context, LINE, failure);
        verifyNoMoreInteractions(context);

        nanos.incrementAndGet();
        outages.log(context, LINE, failure);
        verify(context).log(LINE + " (2 similar events suppressed)", failure);

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        outages.log(context, LINE, failure);
        verify(context, times(2)).log(LINE, failure);
        verifyNoMoreInteractions(context);
    }

    @Test
    void failuresOfAnotherClassAreCountedByThemselves() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.log(context, LINE, failure);
        OutcomeUnknownException other = new OutcomeUnknownException(null);
        outages.log(context, LINE, other);
        verify(context).log(LINE, failure);
        verify(context).log(LINE, other);
    }

    @Test
    void eventWithoutAFailureIsThrottledToo() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.log(context, "kind", "one", null);
        outages.log(context, "kind", "another", null);
        verify(context).log("one");
        verify(context, times(0)).log(any(String.class), any());
        verifyNoMoreInteractions(context);
    }
}
