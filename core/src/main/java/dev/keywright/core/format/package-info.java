/** Texts and digests of keys: shape, check characters, keys derived from peppers, the generator, and the formats of imported keys. */
@NullMarked
package dev.keywright.core.format;

import org.jspecify.annotations.NullMarked;
