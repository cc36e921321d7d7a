/** Usage of keys: counters, and the buffer that is written to the store. */
@NullMarked
package dev.keywright.core.usage;

import org.jspecify.annotations.NullMarked;
