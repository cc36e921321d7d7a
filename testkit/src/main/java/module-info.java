/** Test support: keys in each state, a settable clock, a store with injected faults, and the contract tests of key stores. */
module dev.keywright.testkit {
    requires static org.jspecify;
    requires transitive dev.keywright;
    requires dev.keywright.core;
    // Projects bring their own versions; TestKeys works without either.
    requires static transitive org.assertj.core;
    requires static transitive org.junit.jupiter.api;

    exports dev.keywright.testkit;

    // JUnit calls the tests of the contract, which are not public, by reflection.
    opens dev.keywright.testkit to
            org.junit.platform.commons;
}
