/**
 * Implementation of the API above any {@link dev.keywright.spi.KeyStore}.
 *
 * <p>{@link dev.keywright.core.Keywright} is the entry point; the objects that it builds are used through the interfaces of {@code
 * dev.keywright}. Unless documented otherwise, types are immutable and thread-safe, and throw {@link
 * java.lang.NullPointerException} immediately for a null argument.
 */
@NullMarked
package dev.keywright.core;

import org.jspecify.annotations.NullMarked;
