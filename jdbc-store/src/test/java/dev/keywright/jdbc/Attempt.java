package dev.keywright.jdbc;

import static dev.keywright.jdbc.Samples.NORTH;
import static dev.keywright.jdbc.Samples.NOW;
import static dev.keywright.jdbc.Samples.REVOCATION;
import static dev.keywright.spi.KeyStore.UNLIMITED;
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

/** One write that meets a fault, and whether what the caller was told is true. */
record Attempt(Kind kind, KeyId id) {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Map<String, LongAdder> TALLY = new ConcurrentHashMap<>();

    /** What is written. */
    enum Kind {
        INSERT,
        REVOKE,
        REPLACE
    }

    /** What the caller was told. */
    enum Told {
        DONE,
        UNAVAILABLE,
        UNKNOWN
    }

    /** Makes ready for a write, with a store that nothing happens to. */
    static Attempt prepared(Kind kind, KeyStore sound) {
        Attempt attempt = new Attempt(kind, KeyId.of("key" + NUMBERS.incrementAndGet()));
        switch (kind) {
            case INSERT -> {}
            case REVOKE -> sound.insert(stored(attempt.id), UNLIMITED, NOW);
            case REPLACE -> sound.insert(stored(attempt.old()), UNLIMITED, NOW);
        }
        return attempt;
    }

    private KeyId old() {
        return KeyId.of("old-" + id.value());
    }

    private static StoredKey stored(KeyId id) {
        byte[] digest = ByteBuffer.allocate(Digest.LENGTH)
                .putInt(Integer.BYTES, NUMBERS.incrementAndGet())
                .array();
        return StoredKey.unsaved(Samples.key(id.value()).build(), Digest.of(digest), Samples.PEPPER);
    }

    /** Writes, and says what came of it. Anything but these three is no answer, and a failure of the test. */
    Told make(KeyStore store) {
        try {
            switch (kind) {
                case INSERT -> store.insert(stored(id), UNLIMITED, NOW);
                case REVOKE -> store.revoke(NORTH, id, REVOCATION);
                case REPLACE ->
                    store.replace(
                            Samples.key(old().value())
                                    .successor(id)
                                    .revocation(REVOCATION)
                                    .build(),
                            stored(id),
                            NOW);
            }
            return Told.DONE;
        } catch (StoreUnavailableException e) {
            return Told.UNAVAILABLE;
        } catch (OutcomeUnknownException e) {
            assertThat(e.id()).contains(id);
            return Told.UNKNOWN;
        }
    }

    /** What was told is true: done is done, unavailable is undone; either as a whole, and for good. */
    boolean expectTruth(Told told, KeyStore sound) {
        // Waits for whoever still holds the lock: after this, nothing of the attempt is under way.
        sound.revoke(NORTH, KeyId.of("nobodys"), REVOCATION);
        boolean done = isDone(sound);
        switch (told) {
            case DONE -> assertThat(done).isTrue();
            case UNAVAILABLE -> assertThat(done).isFalse();
            case UNKNOWN -> {}
        }
        return done;
    }

    private boolean isDone(KeyStore sound) {
        return switch (kind) {
            case INSERT -> sound.find(NORTH, id).key().isPresent();
            case REVOKE -> isRevoked(sound, id);
            case REPLACE -> {
                boolean there = sound.find(NORTH, id).key().isPresent();
                // Both or neither: never two live keys where there was one, and never none.
                assertThat(isRevoked(sound, old())).isEqualTo(there);
                yield there;
            }
        };
    }

    private static boolean isRevoked(KeyStore sound, KeyId id) {
        ApiKey key = sound.find(NORTH, id).key().orElseThrow().key();
        return key.revocation().isPresent();
    }

    /** Counts what was seen, for the table in the documentation. */
    static void count(String seen) {
        TALLY.computeIfAbsent(seen, first -> new LongAdder()).increment();
    }

    static void logCounts() {
        new TreeMap<>(TALLY).forEach((seen, times) -> LOG.info("SEEN {}: {}", seen, times));
    }
}
