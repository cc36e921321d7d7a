/**
 * SPI for key stores: {@link dev.keywright.spi.KeyStore}, its parameters and results.
 *
 * <p>A store implements a few atomic primitives. Every algorithm (key generation, digests, verification, permissions, the
 * revocation barrier) is implemented once, above the stores. {@code KeyStoreContract} in {@code keywright-testkit} tests the
 * rules of this package: each store extends it. A decorator extends {@link dev.keywright.spi.ForwardingKeyStore}.
 */
@NullMarked
package dev.keywright.spi;

import org.jspecify.annotations.NullMarked;
