package dev.keywright.servlet;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import dev.keywright.StoreUnavailable;
import jakarta.servlet.ServletContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutagesTest {

    private static final String IN_FULL = "The store of API keys could not be relied on.";

    private final ServletContext context = mock();
    private final StoreUnavailable failure = new StoreUnavailable("the pool is empty", null);

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE, Long.MAX_VALUE})
    void failureIsToldInFullOnceAMinuteAndInALineElse(long start) {
        AtomicLong nanos = new AtomicLong(start);
        Outages outages = new Outages(nanos::get);
        outages.tell(context, failure);
        verify(context).log(IN_FULL, failure);
        outages.tell(context, failure);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1) - 1);
        outages.tell(context, failure);
        verify(context).log(line(1));
        verify(context).log(line(2));
        nanos.incrementAndGet();
        outages.tell(context, failure);
        verify(context, times(2)).log(IN_FULL, failure);
        outages.tell(context, failure);
        verify(context, times(2)).log(line(1));
        verify(context, times(2)).log(anyString(), any());
        verifyNoMoreInteractions(context);
    }

    @Test
    void lineSaysWhatHasFailedNow() {
        Outages outages = new Outages(() -> 0);
        outages.tell(context, failure);
        outages.tell(context, new StoreUnavailable("something else", null));
        verify(context).log(line(1).replace("the pool is empty", "something else"));
    }

    private static String line(int more) {
        return "The store of API keys could not be relied on, " + more + " times since this was last told in full: "
                + "dev.keywright.StoreUnavailable: the pool is empty";
    }
}
