package dev.keywright.core;

import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Written;
import dev.keywright.spi.WrittenAll;
import java.time.Duration;
import org.mockito.invocation.InvocationOnMock;

/** A store in memory in which somebody caches: its writes say a lease. */
final class LeasedStore {

    static final Duration LEASE = Duration.ofMillis(250);

    private LeasedStore() {}

    static KeyStore on(InMemoryKeyStore memory) {
        KeyStore store = mock(KeyStore.class, delegatesTo(memory));
        doAnswer(call -> leased(call, memory)).when(store).revoke(any(), any(), any());
        doAnswer(call -> leased(call, memory)).when(store).change(any(), any());
        doAnswer(call -> leased(call, memory)).when(store).replace(any(), any(), any());
        doAnswer(call -> {
                    WrittenAll w = memory.revokeAll(call.getArgument(0), call.getArgument(1));
                    return new WrittenAll(w.changed(), w.revision(), LEASE);
                })
                .when(store)
                .revokeAll(any(), any());
        return store;
    }

    private static Written leased(InvocationOnMock call, InMemoryKeyStore memory) throws Exception {
        Written w = (Written) call.getMethod().invoke(memory, call.getArguments());
        return new Written(w.key(), w.changed(), w.revision(), LEASE);
    }
}
