/**
 * The store on a database with ten thousand, a million or ten million keys. {@link dev.keywright.benchmarks.scale.ScaleRun} fills a
 * database with {@code GeneratedKeys}, and measures the {@code StoreOperations} in {@code Rounds}, alternately, so that other load on
 * the machine affects all of them alike.
 */
@NullMarked
package dev.keywright.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
