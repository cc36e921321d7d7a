/**
 * Verification of API keys, and the values that all packages share.
 *
 * <p>Start at {@link dev.keywright.ApiKeys}. Code that only verifies keys needs {@link dev.keywright.KeyVerifier}. {@link
 * dev.keywright.management} manages them. The sealed {@link dev.keywright.Verification} holds the outcomes that a caller must
 * branch on. A failed operation is a {@link dev.keywright.KeywrightException}; a malformed value is an {@link
 * java.lang.IllegalArgumentException}.
 *
 * <p>Unless stated otherwise, types are immutable and thread-safe, methods never return null, and a null argument causes an
 * immediate {@link java.lang.NullPointerException}. Instants are truncated to milliseconds.
 */
@NullMarked
package dev.keywright;

import org.jspecify.annotations.NullMarked;
