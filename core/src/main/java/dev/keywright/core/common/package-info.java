/** Monotonic time, error isolation and the marker of test seams, for all other packages. */
@NullMarked
package dev.keywright.core.common;

import org.jspecify.annotations.NullMarked;
