package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.keywright.ApiKey;
import dev.keywright.KeyUsage;
import dev.keywright.Scope;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachedUsageTest {

    private static final Instant AT = Instant.parse("2025-03-10T07:00:00.125Z");
    private static final Scope READ = Scope.of("read:people");

    private final KeyCache cache = new KeyCache(1);
    private final UsageStore store = mock(UsageStore.class);
    private final UsageBuffer buffer = new UsageBuffer(store::recordUsage, 1);
    private final List<UsageDelta> recorded = new ArrayList<>();

    @BeforeEach
    void stubStore() {
        doAnswer(call -> recorded.addAll(call.getArgument(0))).when(store).recordUsage(any());
    }

    /** Otherwise all keys used since the last flush would stay in memory, however small the cache is. */
    @Test
    void usageDoesNotKeepAnEntryAlive() {
        WeakReference<ApiKey> evicted = fillAndUse();

        fill(2, SampleKeys.key("south", "key_2"));
        for (int i = 0; i < 100 && evicted.get() != null; i++) {
            System.gc();
        }

        assertThat(evicted.get()).isNull();
        assertRecorded(1);
    }

    private WeakReference<ApiKey> fillAndUse() {
        KeyFinder.Result cached = fill(1, SampleKeys.key("north", "key_1"));
        use(cached);
        return new WeakReference<>(Objects.requireNonNull(cached.lookupResult().key()));
    }

    @Test
    void useOfAnEvictedEntryIsRecorded() {
        KeyFinder.Result cached = fill(1, SampleKeys.key("north", "key_1"));
        use(cached);
        cache.flush(1);

        use(cached);
        use(fill(1, SampleKeys.key("north", "key_1")));

        assertRecorded(3);
    }

    private KeyFinder.Result fill(int fingerprint, ApiKey key) {
        return Objects.requireNonNull(
                cache.fill(new Fingerprint(fingerprint, fingerprint), new LookupResult(key, 1), cache.epoch()));
    }

    private void use(KeyFinder.Result result) {
        buffer.record(Objects.requireNonNull(result.usageCounter()), READ, AT.toEpochMilli());
    }

    private void assertRecorded(int count) {
        buffer.flush();
        ApiKey key = SampleKeys.key("north", "key_1");
        assertThat(recorded)
                .containsExactly(new UsageDelta(key.tenant(), key.id(), new KeyUsage(AT, count, Set.of(READ))));
    }
}
