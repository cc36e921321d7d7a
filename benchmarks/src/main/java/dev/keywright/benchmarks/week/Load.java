package dev.keywright.benchmarks.week;

import java.util.List;

/** What a portal is loaded with. */
enum Load {
    /** Before all others: so caches are as they are where nodes have been running for days. */
    EACH_ONCE("each key once"),
    MIXED("full speed, one call in a hundred manages a key"),
    VERIFYING("full speed, nothing is managed"),
    DUE("each when it is due");

    private final String title;

    Load(String title) {
        this.title = title;
    }

    /** What is measured, in this order. */
    static final List<Load> MEASURED = List.of(MIXED, VERIFYING, DUE);

    String title() {
        return title;
    }
}
