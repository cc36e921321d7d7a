/** The coherent cache: key cache, lease, revision poller, and the finder that reads through them. {@code docs/coherence.md} has the protocol. */
@NullMarked
package dev.keywright.core.cache;

import org.jspecify.annotations.NullMarked;
