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

    private static final List<TestKeys> ofTestsBefore = new ArrayList<>();
    private static final List<String> drawnByTestsBefore = new ArrayList<>();

    @Test
    void handsOutWhatBelongsTogether(TestKeys keys, ApiKeys apiKeys, SettableClock clock) {
        IssuedKey issued = keys.active("north");
        clock.advance(Duration.ofDays(1));

        assertThat(apiKeys.verify(issued.secret().reveal())).isVerified();
        assertThat(keys.clock().instant()).isEqualTo(Instant.parse("2025-03-11T00:00:00Z"));
        assertThat(apiKeys.scopeCatalog()).hasToString("read:people, write:people");
    }

    @RepeatedTest(3)
    void beginsAnewWithEachTest(TestKeys keys) {
        assertThat(keys.apiKeys().managedBy(keys.admin("north")).stream(KeyQuery.active())
                        .toList())
                .isEmpty();

        drawnByTestsBefore.add(keys.active("north").secret().reveal());
        keys.store().untilHealed(Fault.UNAVAILABLE);
        ofTestsBefore.add(keys);
    }

    @AfterAll
    static void eachTestDrewTheSameKeysAndNowTheirStoresAreHealedAndTheKeysClosed() {
        assertThat(ofTestsBefore).hasSize(3).doesNotHaveDuplicates();
        assertThat(drawnByTestsBefore).hasSize(3).containsOnly(drawnByTestsBefore.get(0));
        // Once they are closed, no use is written down.
        assertThat(ofTestsBefore)
                .allSatisfy(keys -> assertThat(keys.used("north").key()).wasUsed(0));
    }
}
