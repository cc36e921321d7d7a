package org.example.district;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.Verified;
import dev.keywright.management.KeyQuery;
import dev.keywright.testkit.KeywrightExtension;
import dev.keywright.testkit.TestKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys of Keywright's JUnit extension, with the JUnit version of this back end. */
class KeywrightExtensionTest {

    @RegisterExtension
    static final KeywrightExtension keywright = KeywrightExtension.withScopes("read:people");

    private static TestKeys last;

    @RepeatedTest(2)
    void eachTestHasItsOwnKeys(TestKeys keys, ApiKeys apiKeys) {
        String token = keys.used("north").secret().reveal();
        assertInstanceOf(Verified.class, apiKeys.verify(token, Scope.of("read:people")));
        assertEquals(1, apiKeys.managedBy(keys.admin("north")).stream(KeyQuery.active()).toList().size());
        last = keys;
    }

    @AfterAll
    static void keysAreClosedAfterTheTest() {
        // After close, usage is not recorded.
        assertEquals(true, last.used("north").key().usage().isEmpty());
    }
}
