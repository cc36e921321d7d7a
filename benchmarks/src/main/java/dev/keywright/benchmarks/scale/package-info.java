/**
 * What the store does on a database that holds ten thousand, a million or ten million keys.
 *
 * <p>{@link dev.keywright.benchmarks.scale.ScaleRun} is started by people, and a small run by the tests. It starts a {@code
 * Place}, fills it with a {@code Crowd} of keys, and takes the same {@code Work} in turns, round by round, so that what a
 * machine does beside it meets all of them alike.
 */
@NullMarked
package dev.keywright.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
