/** Usage of keys: the counters, and the buffer that records them in the store. */
@NullMarked
package dev.keywright.core.usage;

import org.jspecify.annotations.NullMarked;
