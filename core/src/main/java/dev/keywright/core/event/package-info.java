/** Events: one queue and thread for each listener, throttled rejections, and the listener that logs. */
@NullMarked
package dev.keywright.core.event;

import org.jspecify.annotations.NullMarked;
