/**
 * Test support for applications that use Keywright, and contract tests for authors of a store.
 *
 * <ul>
 *   <li>{@link dev.keywright.testkit.TestKeys} issues keys in each state, under a {@link dev.keywright.testkit.SettableClock};
 *       {@link dev.keywright.testkit.KeywrightExtension} passes a fresh instance to each JUnit test; {@link
 *       dev.keywright.testkit.KeywrightAssertions} has assertions for keys and verifications.
 *   <li>{@link dev.keywright.testkit.FaultyKeyStore} injects faults into a store.
 *   <li>{@link dev.keywright.testkit.KeyStoreContract} is the contract of a store as tests, which the tests of each store extend.
 *       The other classes of this package are its parts.
 * </ul>
 */
@NullMarked
package dev.keywright.testkit;

import org.jspecify.annotations.NullMarked;
