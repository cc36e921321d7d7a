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

    private static final String LINE = "The store could not be relied on.";

    private final ServletContext context = mock();
    private final StoreUnavailableException failure = new StoreUnavailableException("the pool is empty", null);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE, Long.MAX_VALUE})
    void failureIsLoggedOnceAMinuteWithTheNumberSuppressed(long start) {
        AtomicLong nanos = new AtomicLong(start);
        OutageLog outages = new OutageLog(nanos::get);
        outages.tell(context, LINE, failure);
        verify(context).log(LINE, failure);
        outages.tell(context, LINE, failure);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        outages.tell(context, LINE, failure);
        verifyNoMoreInteractions(context);

        nanos.incrementAndGet();
        outages.tell(context, LINE, failure);
        verify(context).log(LINE + " 2 more of these were not logged.", failure);

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        outages.tell(context, LINE, failure);
        verify(context, times(2)).log(LINE, failure);
        verifyNoMoreInteractions(context);
    }

    @Test
    void failuresOfAnotherClassAreCountedByThemselves() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.tell(context, LINE, failure);
        OutcomeUnknownException other = new OutcomeUnknownException(null);
        outages.tell(context, LINE, other);
        verify(context).log(LINE, failure);
        verify(context).log(LINE, other);
    }

    @Test
    void eventWithoutAFailureIsThrottledToo() {
        OutageLog outages = new OutageLog(() -> 0);
        outages.tell(context, "kind", "one", null);
        outages.tell(context, "kind", "another", null);
        verify(context).log("one");
        verify(context, times(0)).log(any(String.class), any());
        verifyNoMoreInteractions(context);
    }
}
