package dev.keywright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.management.KeyQuery;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Extension with a seed, whose keys are an argument of the constructor. */
class KeywrightExtensionSeedTest {

    @RegisterExtension
    static final KeywrightExtension keywright =
            KeywrightExtension.withScopes("read:people").seeded(7);

    private final TestKeys keys;

    KeywrightExtensionSeedTest(TestKeys keys) {
        this.keys = keys;
    }

    @RepeatedTest(2)
    void keysDependOnTheSeed() {
        assertThat(firstTokenOf(keys)).isEqualTo(firstTokenOf(seeded(7))).isNotEqualTo(firstTokenOf(seeded(8)));
    }

    @RepeatedTest(2)
    void constructorAndTestGetTheSameKeys(ApiKeys apiKeys) {
        assertThat(apiKeys).isSameAs(keys.apiKeys());
        assertThat(apiKeys.managedBy(keys.admin("north")).stream(KeyQuery.active())
                        .toList())
                .isEmpty();
        keys.active("north");
    }

    private static TestKeys seeded(long seed) {
        return TestKeys.with(new SeededRandom(seed), TestKeys.catalog("read:people"));
    }

    private static String firstTokenOf(TestKeys keys) {
        return keys.active("north").secret().reveal();
    }
}
