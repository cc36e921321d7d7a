/**
 * How much memory a cached key takes, and in how much heap a million of them can be kept.
 *
 * <p>{@link dev.keywright.benchmarks.footprint.FootprintRun} is started by people, and a small run by the tests. A {@code Graph} is
 * all that can be reached from a door to the keys, but for its store; a {@code CrampedProcess} keeps keys in a heap of a given size.
 */
@NullMarked
package dev.keywright.benchmarks.footprint;

import org.jspecify.annotations.NullMarked;
