/** Measurements: what a verification costs, beside what it cannot cost less than, in the same run. */
@NullMarked
package dev.keywright.benchmarks;

import org.jspecify.annotations.NullMarked;
