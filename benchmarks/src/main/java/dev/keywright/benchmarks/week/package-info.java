/**
 * A week of a busy portal, in minutes: verifications of many districts' keys, and one management call for each hundred.
 *
 * <p>{@link dev.keywright.benchmarks.week.WeekRun} is started by people, and a small run by the tests. It starts a database, fills
 * it with the keys of {@link dev.keywright.benchmarks.kit.Districts}, and starts processes, each of them a {@code Portal} in which
 * {@code Script}s verify keys and {@code Clerks} manage them. They share a {@code Ledger}, where it stands what the right answer is,
 * and so each answer is looked at.
 */
@NullMarked
package dev.keywright.benchmarks.week;

import org.jspecify.annotations.NullMarked;
