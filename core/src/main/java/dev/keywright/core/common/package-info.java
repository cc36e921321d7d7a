/** Time and error isolation that the other packages share. */
@NullMarked
package dev.keywright.core.common;

import org.jspecify.annotations.NullMarked;
