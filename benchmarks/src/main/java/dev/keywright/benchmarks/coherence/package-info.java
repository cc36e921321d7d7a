/**
 * Whether a revoked key is accepted anywhere, ever: several processes on one database, troubles of all kinds, and a history of
 * what was asked and answered, which is judged in the end.
 *
 * <p>{@link dev.keywright.benchmarks.coherence.CoherenceRun} is started by people. It starts a {@code Server}, a {@code Link} in
 * front of it for each node, and a {@code Fleet} of processes, each of them a {@code Node} in which {@code Custodian}s issue and
 * end keys and {@code Caller}s use them. They share a {@code Board}, where the keys stand, and write down what they do in {@code
 * Journal}s. {@code Troubles} befall them meanwhile. A {@code Judge} then reads the journals.
 *
 * <p>The judge says by itself what is right: it uses none of the library's rules, and no clock but that of the machine.
 */
@NullMarked
package dev.keywright.benchmarks.coherence;

import org.jspecify.annotations.NullMarked;
