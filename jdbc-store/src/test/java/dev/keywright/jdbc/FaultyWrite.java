package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.ActiveKeyLimits.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A write during a fault, whose reported outcome is compared with the actual one. */
record FaultyWrite(Kind kind, KeyId id) {

    private static final Logger LOG = LoggerFactory.getLogger(FaultyWrite.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    /** Kind of a write. */
    enum Kind {
        INSERT,
        REVOKE,
        REPLACE
    }

    /** Reported outcome. */
    enum Outcome {
        DONE,
        UNAVAILABLE,
        UNKNOWN
    }

    /** Prepares a write on a store without faults. */
    static FaultyWrite prepare(Kind kind, KeyStore direct) {
        FaultyWrite write = new FaultyWrite(kind, KeyId.of("key" + NUMBERS.incrementAndGet()));
        switch (kind) {
            case INSERT -> {}
            case REVOKE -> direct.insert(stored(write.id), UNLIMITED, NOW);
            case REPLACE -> direct.insert(stored(write.predecessor()), UNLIMITED, NOW);
        }
        return write;
    }

    private KeyId predecessor() {
        return KeyId.of("old-" + id.value());
    }

    private static StoredKey stored(KeyId id) {
        byte[] digest = ByteBuffer.allocate(Digest.LENGTH)
                .putInt(Integer.BYTES, NUMBERS.incrementAndGet())
                .array();
        return StoredKey.unsaved(Samples.key(id.value()).build(), Digest.of(digest), Samples.PEPPER, "ck_");
    }

    /** Runs the write and returns the reported outcome. Any other exception fails the test. */
    Outcome run(KeyStore store) {
        try {
            switch (kind) {
                case INSERT -> store.insert(stored(id), UNLIMITED, NOW);
                case REVOKE -> store.revoke(NORTH, id, REVOCATION);
                case REPLACE ->
                    store.replace(
                            Samples.key(predecessor().value())
                                    .successor(id)
                                    .revocation(REVOCATION)
                                    .build(),
                            stored(id),
                            NOW);
            }
            return Outcome.DONE;
        } catch (StoreUnavailableException e) {
            return Outcome.UNAVAILABLE;
        } catch (OutcomeUnknownException e) {
            assertThat(e.id()).contains(id);
            return Outcome.UNKNOWN;
        }
    }

    /** Asserts that the reported outcome is the actual one, and returns whether the write has taken effect. */
    boolean assertConsistent(Outcome outcome, KeyStore direct) {
        // Waits for the lock of the writers: after this, the write is complete.
        direct.revoke(NORTH, KeyId.of("missing"), REVOCATION);
        boolean done = isDone(direct);
        switch (outcome) {
            case DONE -> assertThat(done).isTrue();
            case UNAVAILABLE -> assertThat(done).isFalse();
            case UNKNOWN -> {}
        }
        return done;
    }

    private boolean isDone(KeyStore direct) {
        return switch (kind) {
            case INSERT -> direct.find(NORTH, id).key().isPresent();
            case REVOKE -> isRevoked(direct, id);
            case REPLACE -> {
                boolean exists = direct.find(NORTH, id).key().isPresent();
                // Both or neither: never two active keys, and never none.
                assertThat(isRevoked(direct, predecessor())).isEqualTo(exists);
                yield exists;
            }
        };
    }

    private static boolean isRevoked(KeyStore direct, KeyId id) {
        ApiKey key = direct.find(NORTH, id).key().orElseThrow().key();
        return key.revocation().isPresent();
    }

    /** Counts an observation, for the table in docs/faults.md. */
    static void count(String observation) {
        COUNTS.computeIfAbsent(observation, key -> new LongAdder()).increment();
    }

    static void logCounts() {
        new TreeMap<>(COUNTS).forEach((observation, count) -> LOG.info("OBSERVED {}: {}", observation, count));
    }
}
