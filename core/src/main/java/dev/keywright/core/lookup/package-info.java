/** Lookup and verification of keys: the finder that asks the store, and the verifier. */
@NullMarked
package dev.keywright.core.lookup;

import org.jspecify.annotations.NullMarked;
