/**
 * What the programs of the other packages share: databases of their own, districts that have keys as a portal's have, and figures
 * with the ways in which they are written.
 */
@NullMarked
package dev.keywright.benchmarks.kit;

import org.jspecify.annotations.NullMarked;
