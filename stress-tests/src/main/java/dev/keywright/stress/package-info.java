/**
 * Correctness under load.
 *
 * <p>{@link dev.keywright.stress.StressRun} starts {@code Node}s, in this JVM or in a {@code NodeProcess} each. The threads of a
 * node ({@code KeyReader}, {@code KeyWriter}) share the {@code SharedKeys} and record each call as an {@code Event} in a {@code
 * Journal}. Meanwhile {@code Disruptions} hit network, processes, clocks and database. Afterwards the {@code HistoryChecker} replays
 * all journals against one {@code KeyHistory} for each key.
 */
@NullMarked
package dev.keywright.stress;

import org.jspecify.annotations.NullMarked;
