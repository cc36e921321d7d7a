/**
 * For tests: keys in any state, a clock that can be set, a store that fails on request, and the contract that every key
 * store must pass.
 */
module dev.keywright.testkit {
    requires static org.jspecify;
    requires transitive dev.keywright;
    requires dev.keywright.core;
    // A project brings what it tests with; TestKeys needs neither.
    requires static transitive org.assertj.core;
    requires static transitive org.junit.jupiter.api;

    exports dev.keywright.testkit;

    // JUnit calls the contract's tests, which are not public, by reflection.
    opens dev.keywright.testkit to
            org.junit.platform.commons;
}
