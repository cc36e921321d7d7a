package dev.keywright.core.cache;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An overloaded cache fills up although lookups are so slow that the node polls many times during each, and keys are written all the
 * time.
 */
class CacheRecoveryTest {

    private static final int KEYS = 50;
    private static final int POLLS_DURING_A_LOOKUP = 10;
    private static final Duration POLL = Duration.ofMillis(80);

    private final Stage stage = new Stage();
    private final List<String> tokens = Stream.generate(() -> issue(stage.writer.managedBy(ADMIN), "read:people"))
            .limit(KEYS)
            .map(issued -> issued.secret().reveal())
            .toList();

    @Test
    void coldCacheFillsUp() {
        stage.pollAfterALapse();

        verifyAllSlowly();

        assertAllHit();
    }

    @Test
    void flushedCacheFillsUp() {
        verifyAllSlowly();
        stage.pollAfterALapse();
        assertThat(stage.cache.keys()).isZero();

        verifyAllSlowly();

        assertAllHit();
    }

    @Test
    void cacheFillsUpAfterAnOutage() {
        verifyAllSlowly();
        stage.afterLookup = () -> {
            throw new StoreUnavailableException("away", null);
        };
        stage.later(RevisionPoller.LEASE.multipliedBy(10));
        assertThat(stage.accepts()).isFalse();
        stage.poller.poll();

        verifyAllSlowly();

        assertAllHit();
    }

    @Test
    void lookupIsNotCachedIfItsKeyChangedMeanwhile() {
        stage.afterLookup = () -> {
            stage.revocationCommits();
            stage.poller.poll();
        };

        stage.accepts();

        assertThat(stage.cache.keys()).isZero();
        assertThat(stage.poller.stats().refusedFills()).isEqualTo(1);
    }

    private void verifyAllSlowly() {
        for (String token : tokens) {
            stage.afterLookup = this::pollWhileOthersWrite;
            stage.node.find(token);
        }
    }

    private void pollWhileOthersWrite() {
        for (int i = 0; i < POLLS_DURING_A_LOOKUP; i++) {
            KeyId other =
                    issue(stage.writer.managedBy(ADMIN), "read:people").key().id();
            stage.database.revoke(ADMIN.tenant(), other, new Revocation(Instant.EPOCH, StoredValues.holder(), ""));
            stage.later(POLL);
            stage.poller.poll();
        }
    }

    private void assertAllHit() {
        stage.afterLookup = () -> {
            throw new AssertionError("looked up");
        };
        assertThat(tokens)
                .allSatisfy(token ->
                        assertThat(stage.node.find(token).lookupResult().key()).isNotNull());
        assertThat(stage.poller.stats().refusedFills()).isZero();
    }
}
