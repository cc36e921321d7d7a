package dev.keywright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.management.KeyQuery;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With a seed of its own, and what is handed out given to the constructor. */
class KeywrightExtensionSeedTest {

    @RegisterExtension
    static final KeywrightExtension keywright =
            KeywrightExtension.withScopes("read:people").seeded(7);

    private final TestKeys keys;

    KeywrightExtensionSeedTest(TestKeys keys) {
        this.keys = keys;
    }

    @RepeatedTest(2)
    void drawsTheKeysOfTheSeed() {
        assertThat(firstOf(keys)).isEqualTo(firstOf(drawnFrom(7))).isNotEqualTo(firstOf(drawnFrom(8)));
    }

    @RepeatedTest(2)
    void givesTheConstructorWhatTheTestIsGivenToo(ApiKeys apiKeys) {
        assertThat(apiKeys).isSameAs(keys.apiKeys());
        assertThat(apiKeys.managedBy(keys.admin("north")).stream(KeyQuery.active())
                        .toList())
                .isEmpty();
        keys.active("north");
    }

    private static TestKeys drawnFrom(long seed) {
        return TestKeys.drawnFrom(new SeededRandom(seed), TestKeys.catalog("read:people"));
    }

    private static String firstOf(TestKeys keys) {
        return keys.active("north").secret().reveal();
    }
}
