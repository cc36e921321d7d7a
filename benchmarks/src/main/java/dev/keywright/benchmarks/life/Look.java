package dev.keywright.benchmarks.life;

import java.time.Instant;

/**
 * What was known of a key when somebody began to do something with it.
 *
 * @param tick when that was, among all that begins and ends
 * @param from the instant
 * @param least the latest version that had been answered by then: whoever begins now must not go by an earlier one
 * @param dead whether it had been answered that the key is revoked
 * @param busy whether somebody was changing it
 * @param begun how many changes had been begun
 */
record Look(long tick, Instant from, long least, boolean dead, boolean busy, long begun) {}
