/**
 * For tests of those who use Keywright, and of those who write a store for it.
 *
 * <p>{@link dev.keywright.testkit.TestKeys} makes keys in the states that a back end must tell apart, under a {@link
 * dev.keywright.testkit.SettableClock}. {@link dev.keywright.testkit.KeyStoreContract} is extended by a store's own tests:
 * a store that passes is one.
 */
@NullMarked
package dev.keywright.testkit;

import org.jspecify.annotations.NullMarked;
