/**
 * What the servlet filter costs a request, on a real container.
 *
 * <p>{@link dev.keywright.benchmarks.filter.FilterRun} is started by people, and a small run by the tests. It starts three {@code
 * Container}s in its own process, which differ in their filter alone, and {@code Client}s that send requests to each in turns.
 */
@NullMarked
package dev.keywright.benchmarks.filter;

import org.jspecify.annotations.NullMarked;
