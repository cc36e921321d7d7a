/**
 * Verifications by many threads, platform threads and virtual ones: how many a second, what they leave behind in each thread, and
 * whether they pin the threads that carry virtual ones.
 *
 * <p>{@link dev.keywright.benchmarks.threads.ThreadsRun} is started by people, and a small run by the tests. A {@code Crew} is so
 * many threads of a {@code Kind}; {@code Pins} are counted by the JVM itself.
 */
@NullMarked
package dev.keywright.benchmarks.threads;

import org.jspecify.annotations.NullMarked;
