package dev.keywright.benchmarks.life;

import dev.keywright.ApiKey;
import dev.keywright.KeyConflictException;

/**
 * An answer that can be right only if somebody has made the key what it says. Who that was may not be known yet: their own
 * answer is still on its way. Then it waits, for as long as something is under way that was begun before the answer came.
 */
sealed interface Expectation permits Expectation.Sight, Expectation.Refusal {

    /** What is known of an answer. */
    enum Verdict {
        RIGHT,
        WRONG,
        OPEN
    }

    /** {@return when the answer was there: what was begun later has nothing to do with it} */
    long tick();

    /** {@return whether it is right, as far as is known} */
    Verdict in(KeyHistory history);

    /**
     * Somebody was shown a key.
     *
     * @param tick when they had the answer
     * @param row the key as they were shown it, without its usage
     * @param how what they had asked
     */
    record Sight(long tick, ApiKey row, String how) implements Expectation {

        @Override
        public Verdict in(KeyHistory history) {
            if (row.version() > history.proven()) {
                return Verdict.OPEN;
            }
            return row.equals(history.row(row.version())) ? Verdict.RIGHT : Verdict.WRONG;
        }

        @Override
        public String toString() {
            return how + " went by a key that never was: " + KeyHistory.text(row);
        }
    }

    /**
     * Somebody was refused.
     *
     * @param attempt what they had begun
     * @param rule for which reason
     */
    record Refusal(Attempt attempt, KeyConflictException.Rule rule) implements Expectation {

        @Override
        public long tick() {
            return attempt.ended();
        }

        @Override
        public Verdict in(KeyHistory history) {
            boolean right = history.rowsBetween(attempt.look().least(), attempt.ended())
                    .anyMatch(row -> attempt.deed().isRefusedBy(rule, row, attempt));
            return right ? Verdict.RIGHT : Verdict.OPEN;
        }

        @Override
        public String toString() {
            return "there was no reason for the refusal " + rule + " of " + attempt;
        }
    }
}
