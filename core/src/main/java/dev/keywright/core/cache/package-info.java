/** Coherent cache: the key cache, the lease, the revision poller, and the finder that uses them. {@code docs/coherence.md} describes the protocol. */
@NullMarked
package dev.keywright.core.cache;

import org.jspecify.annotations.NullMarked;
