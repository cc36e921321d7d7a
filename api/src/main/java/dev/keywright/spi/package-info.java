/**
 * For those who write a store: {@link dev.keywright.spi.KeyStore}, and what it takes and gives.
 *
 * <p>A store implements a handful of atomic primitives. Every algorithm (drawing keys, digests, verification, who may do
 * what, how long a writer waits) lives above it, once. The contract in {@code keywright-testkit} says in tests what the
 * javadoc here says in words: extend it, and a store that passes is one.
 */
@NullMarked
package dev.keywright.spi;

import org.jspecify.annotations.NullMarked;
