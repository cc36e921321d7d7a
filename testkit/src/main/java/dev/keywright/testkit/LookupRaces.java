package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.Threads.atOnce;
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

    LookupRaces(Supplier<KeyStore> made) {
        super(made);
    }

    /** A lookup, and the last revision whose write had returned before it began. */
    private record Seen(LookupSnapshot snapshot, long returnedBefore) {}

    /**
     * The key of a lookup is as it was at the revision of the lookup: not as it was before, which a cache would keep, and not as
     * it was after.
     */
    @Test
    void keyAndRevisionOfALookupComeFromOneSnapshot() throws Exception {
        StoredKey key = inserted(NORTH);
        AtomicLong returned = new AtomicLong(key.insertRevision());
        AtomicInteger writing = new AtomicInteger(WRITERS);
        Map<Long, StoredKey> history = new ConcurrentSkipListMap<>(Map.of(key.insertRevision(), key));

        List<List<Seen>> all = atOnce(WRITERS + READERS, i -> {
            if (i < WRITERS) {
                change(key, returned, history);
                writing.decrementAndGet();
                return List.of();
            }
            return lookUp(key, i % 2 == 0, returned, writing);
        });

        List<Seen> seen = all.stream().flatMap(List::stream).toList();
        ConcurrentSkipListMap<Long, StoredKey> states = new ConcurrentSkipListMap<>(history);
        assertThat(seen).isNotEmpty().allSatisfy(one -> {
            long revision = one.snapshot().revision();
            assertThat(revision).isGreaterThanOrEqualTo(one.returnedBefore());
            assertThat(one.snapshot().key())
                    .contains(states.floorEntry(revision).getValue());
        });
    }

    private void change(StoredKey key, AtomicLong returned, Map<Long, StoredKey> history) {
        for (int n = 0; n < WRITES; n++) {
            ApiKey now = StoredValues.keyBuilder(inStore(key).key())
                    .name(KeyName.of("Name " + n))
                    .build();
            WriteResult written = store.change(now, NOW);
            if (written.changed()) {
                history.put(written.revision(), written.key().orElseThrow());
            }
            returned.accumulateAndGet(written.revision(), Math::max);
        }
    }

    private List<Seen> lookUp(StoredKey key, boolean byDigest, AtomicLong returned, AtomicInteger writing) {
        List<Seen> seen = new ArrayList<>();
        boolean last;
        do {
            last = writing.get() == 0;
            long before = returned.get();
            LookupSnapshot snapshot = byDigest
                    ? store.findByDigest(key.digest())
                    : store.find(NORTH, key.key().id());
            seen.add(new Seen(snapshot, before));
        } while (!last);
        return seen;
    }

    /** A tenant-wide revocation keeps the revisions of the keys: the lookup's revision alone tells on which side of it it is. */
    @Test
    void lookupRevisionMatchesTenantWideRevocation() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<StoredKey> keys = inserted(NORTH, KEYS);
            AtomicInteger writing = new AtomicInteger(1);
            AtomicLong revoked = new AtomicLong();

            List<List<Seen>> all = atOnce(1 + READERS, i -> {
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
    void lookupOfNothingTellsTheRevisionToo() {
        StoredKey never = samples.unsaved(NORTH);
        long revision = inserted(NORTH).insertRevision();

        assertThat(store.findByDigest(never.digest())).isEqualTo(LookupSnapshot.of(Optional.empty(), revision));
        assertThat(store.find(NORTH, never.key().id())).isEqualTo(LookupSnapshot.of(Optional.empty(), revision));
    }
}
