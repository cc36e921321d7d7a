/** Shared by the packages of this module; not exported. */
@NullMarked
package dev.keywright.internal;

import org.jspecify.annotations.NullMarked;
