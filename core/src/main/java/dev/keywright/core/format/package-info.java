/** Text format of API keys: shape, check characters, digests under peppers, and the generator; and the formats of imported keys. */
@NullMarked
package dev.keywright.core.format;

import org.jspecify.annotations.NullMarked;
