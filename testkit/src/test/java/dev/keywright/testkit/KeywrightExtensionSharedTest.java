package dev.keywright.testkit;

import static dev.keywright.testkit.KeywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that the tests of a class share: closed after the last test. */
class KeywrightExtensionSharedTest {

    private static final List<TestKeys> seen = new ArrayList<>();

    /** Registered first, therefore called last. */
    @RegisterExtension
    @Order(1)
    static final AfterAllCallback keysAreClosed = context -> {
        assertThat(seen).hasSize(4).containsOnly(seen.get(0));
        assertThat(seen.get(0).used("north").key()).wasUsed(0);
    };

    @RegisterExtension
    @Order(2)
    static final KeywrightExtension keywright = KeywrightExtension.withScopes("read:people");

    @BeforeAll
    static void share(TestKeys keys) {
        seen.add(keys);
    }

    @RepeatedTest(3)
    void testsOfAClassShareItsKeys(TestKeys keys) {
        seen.add(keys);
        assertThat(keys.used("north").key()).wasUsed(1);
    }
}
