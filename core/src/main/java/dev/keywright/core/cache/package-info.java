/**
 * Coherent cache: the key cache, the lease, the revision poller, and the finder that uses them. {@code CachingKeyFinder} documents the
 * protocol, and {@code docs/coherence.md} how it is checked.
 */
@NullMarked
package dev.keywright.core.cache;

import org.jspecify.annotations.NullMarked;
