package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.Threads.inParallel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

abstract class LookupRaces extends ContractPart {

    private static final int WRITERS = 4;
    private static final int READERS = 3;
    private static final int WRITES = 60;
    private static final int KEYS = 5;

    LookupRaces(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    /** A lookup, and the highest revision of the writes that had returned before it began. */
    private record Observation(LookupSnapshot snapshot, long returnedBefore) {}

    /** An older key with this revision would stay in a cache. */
    @Test
    void lookupShowsAllWritesUpToItsRevision() throws Exception {
        StoredKey key = inserted(NORTH);
        AtomicLong returned = new AtomicLong(key.insertRevision());
        AtomicInteger writing = new AtomicInteger(WRITERS);
        Map<Long, StoredKey> history = new ConcurrentSkipListMap<>(Map.of(key.insertRevision(), key));

        List<List<Observation>> all = inParallel(WRITERS + READERS, i -> {
            if (i < WRITERS) {
                change(key, returned, history);
                writing.decrementAndGet();
                return List.of();
            }
            return lookUp(key, i % 2 == 0, returned, writing);
        });

        List<Observation> observations = all.stream().flatMap(List::stream).toList();
        ConcurrentSkipListMap<Long, StoredKey> states = new ConcurrentSkipListMap<>(history);
        assertThat(observations).isNotEmpty().allSatisfy(one -> {
            long revision = one.snapshot().revision();
            assertThat(revision).isGreaterThanOrEqualTo(one.returnedBefore());
            StoredKey found = one.snapshot().key().orElseThrow();
            assertThat(found.changeRevision()).isGreaterThanOrEqualTo(states.floorKey(revision));
            assertThat(found).isEqualTo(states.get(found.changeRevision()));
        });
    }

    private void change(StoredKey key, AtomicLong returned, Map<Long, StoredKey> history) {
        for (int n = 0; n < WRITES; n++) {
            ApiKey now = StoredValues.keyBuilder(inStore(key).key())
                    .name(KeyName.of("Name " + n))
                    .build();
            WriteResult result = store.change(now, NOW);
            if (result.changed()) {
                history.put(result.revision(), result.key().orElseThrow());
            }
            returned.accumulateAndGet(result.revision(), Math::max);
        }
    }

    private List<Observation> lookUp(StoredKey key, boolean byDigest, AtomicLong returned, AtomicInteger writing) {
        List<Observation> observations = new ArrayList<>();
        boolean last;
        do {
            last = writing.get() == 0;
            long before = returned.get();
            LookupSnapshot snapshot = byDigest
                    ? store.findByDigest(key.digest())
                    : store.find(NORTH, key.key().id());
            observations.add(new Observation(snapshot, before));
        } while (!last);
        return observations;
    }

    /** A tenant-wide revocation keeps the revisions of the keys, so that only the revision of the lookup orders the two. */
    @Test
    void lookupRevisionMatchesTenantWideRevocation() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<StoredKey> keys = inserted(NORTH, KEYS);
            AtomicInteger writing = new AtomicInteger(1);
            AtomicLong revoked = new AtomicLong();

            List<List<Observation>> all = inParallel(1 + READERS, i -> {
                if (i == 0) {
                    revoked.set(store.revokeAll(NORTH, REVOCATION).revision());
                    writing.decrementAndGet();
                    return List.of();
                }
                return lookUp(keys.get(i), true, new AtomicLong(), writing);
            });

            assertThat(all.stream().flatMap(List::stream)).allSatisfy(one -> {
                Optional<StoredKey> key = one.snapshot().key();
                assertThat(key.orElseThrow().key().revocation().isPresent())
                        .isEqualTo(one.snapshot().revision() >= revoked.get());
            });
        }
    }

    @Test
    void lookupOfUnknownKeyReturnsRevision() {
        StoredKey missing = samples.unsaved(NORTH);
        long revision = inserted(NORTH).insertRevision();

        assertThat(store.findByDigest(missing.digest())).isEqualTo(LookupSnapshot.of(Optional.empty(), revision));
        assertThat(store.find(NORTH, missing.key().id())).isEqualTo(LookupSnapshot.of(Optional.empty(), revision));
    }
}
