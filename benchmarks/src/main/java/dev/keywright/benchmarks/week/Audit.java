package dev.keywright.benchmarks.week;

import dev.keywright.benchmarks.week.Clerks.Deed;

/**
 * Whether a measurement was one: all answers were right, and all came about that was to be measured.
 *
 * @param column what was measured
 * @param cached whether it was with caches
 */
record Audit(String column, boolean cached) {

    /** Of keys that are being changed, both answers are right; but of most, one must be known to be. */
    private static final double MOST_UNSURE = 0.2;

    /** What is used between a verification and the writing of its use, and ends meanwhile, is not written. */
    private static final double FEWEST_RECORDED = 0.9;

    void pass(Figures all, double recorded) {
        double verifications = all.times("verify").count();
        require(verifications > 0, "nothing was verified");
        require(all.sum("wrong") == 0, (long) all.sum("wrong") + " answers were wrong");
        require(all.sum("unanswered") == 0, (long) all.sum("unanswered") + " calls were not answered");
        require(all.sum("left") == 0, (long) all.sum("left") + " verifications were due and were not come to");
        require(all.sum("accepted") > all.sum("rejected"), "most keys were rejected");
        require(all.sum("after-the-end") > 0, "no key was verified after its end");
        require(all.sum("unsure") < MOST_UNSURE * verifications, "too much changed while it was looked at");
        for (Deed deed : Deed.values()) {
            require(all.times(deed.name()).count() > 0, "nobody came to " + deed);
        }
        require(cached == all.sum("hits") > 0, "it is not the cache that answered, or it is");
        require(recorded >= FEWEST_RECORDED && recorded <= 1, "of all uses, there were written down " + recorded);
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(column + ": " + otherwise + ": that measures nothing");
        }
    }
}
