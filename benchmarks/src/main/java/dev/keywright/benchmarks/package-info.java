/** The cost of a verification beside floors and peers in the same run. */
@NullMarked
package dev.keywright.benchmarks;

import org.jspecify.annotations.NullMarked;
