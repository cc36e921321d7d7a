/**
 * For tests of those who use Keywright, and of those who write a store for it.
 *
 * <ul>
 *   <li>{@link dev.keywright.testkit.TestKeys} makes keys in the states that a back end must tell apart, under a {@link
 *       dev.keywright.testkit.SettableClock}; {@link dev.keywright.testkit.KeywrightExtension} hands fresh ones to each
 *       JUnit test; {@link dev.keywright.testkit.KeywrightAssertions} says what is expected of them.
 *   <li>{@link dev.keywright.testkit.FaultyKeyStore} fails, stalls and loses answers when it is told to.
 *   <li>{@link dev.keywright.testkit.KeyStoreContract} is extended by a store's own tests: a store that passes is one.
 *       Its parts and what they share are the rest of this package.
 * </ul>
 */
@NullMarked
package dev.keywright.testkit;

import org.jspecify.annotations.NullMarked;
