/** Finding and verifying a key: the finder that asks the store, and the verifier. */
@NullMarked
package dev.keywright.core.lookup;

import org.jspecify.annotations.NullMarked;
