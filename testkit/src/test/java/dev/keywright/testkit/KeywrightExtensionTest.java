package dev.keywright.testkit;

import static dev.keywright.testkit.KeywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.testkit.FaultyKeyStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeywrightExtensionTest {

    @RegisterExtension
    static final KeywrightExtension keywright = KeywrightExtension.withScopes("read:people", "write:people");

    private static final List<TestKeys> earlierKeys = new ArrayList<>();
    private static final List<String> earlierTokens = new ArrayList<>();

    @Test
    void argumentsOfATestBelongTogether(TestKeys keys, ApiKeys apiKeys, SettableClock clock) {
        IssuedKey issued = keys.active("north");
        clock.advance(Duration.ofDays(1));

        assertThat(apiKeys.verify(issued.secret().reveal())).isVerified();
        assertThat(keys.clock().instant()).isEqualTo(Instant.parse("2025-03-11T00:00:00Z"));
        assertThat(apiKeys.scopeCatalog()).hasToString("read:people, write:people");
    }

    @RepeatedTest(3)
    void eachTestGetsFreshKeys(TestKeys keys) {
        assertThat(keys.apiKeys().managedBy(keys.admin("north")).stream(KeyQuery.active())
                        .toList())
                .isEmpty();

        earlierTokens.add(keys.active("north").secret().reveal());
        keys.store().untilHealed(Fault.UNAVAILABLE);
        earlierKeys.add(keys);
    }

    @AfterAll
    static void keysAreReproducibleAndClosedAfterEachTest() {
        assertThat(earlierKeys).hasSize(3).doesNotHaveDuplicates();
        assertThat(earlierTokens).hasSize(3).containsOnly(earlierTokens.get(0));
        // No usage is recorded after close.
        assertThat(earlierKeys)
                .allSatisfy(keys -> assertThat(keys.used("north").key()).wasUsed(0));
    }
}
