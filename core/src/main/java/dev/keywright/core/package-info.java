/**
 * Draws, digests, verifies, issues and revokes keys, above any {@link dev.keywright.spi.KeyStore}.
 *
 * <p>There is one door, {@link dev.keywright.core.Keywright}; what it builds is used through the interfaces of {@code
 * dev.keywright}. Unless a type says otherwise, it is immutable and safe for use by many threads, and a null argument is
 * a {@link java.lang.NullPointerException} at once.
 */
@NullMarked
package dev.keywright.core;

import org.jspecify.annotations.NullMarked;
