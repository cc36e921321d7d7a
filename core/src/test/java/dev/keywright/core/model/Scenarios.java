package dev.keywright.core.model;

import static dev.keywright.core.model.Event.CACHING_STARTS;
import static dev.keywright.core.model.Event.FAILED_POLL;
import static dev.keywright.core.model.Event.FAIL_OVER;
import static dev.keywright.core.model.Event.ISSUE;
import static dev.keywright.core.model.Event.LAGGING_REPLICA;
import static dev.keywright.core.model.Event.LATE_FAIL_OVER;
import static dev.keywright.core.model.Event.LIMITED_ROOM;
import static dev.keywright.core.model.Event.OTHER_WRITE;
import static dev.keywright.core.model.Event.PAGES_OF_ONE;
import static dev.keywright.core.model.Event.PURGE;
import static dev.keywright.core.model.Event.QUICK_FAIL_OVER;
import static dev.keywright.core.model.Event.REVISION_READ_FIRST;
import static dev.keywright.core.model.Event.REVOKE;
import static dev.keywright.core.model.Event.REVOKE_AGAIN;
import static dev.keywright.core.model.Event.REVOKE_ALL;
import static dev.keywright.core.model.Event.SHORT_LOG;
import static dev.keywright.core.model.Event.SUSPENSION;
import static dev.keywright.core.model.Event.SUSPENSION_EXCUSED_BY_LEASE;
import static dev.keywright.core.model.Event.SUSPENSION_WITHOUT_EXCUSE;
import static dev.keywright.core.model.Scenario.maxDrift;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The scenarios that are checked. Each is as small as its subject allows, so that the search can be exhaustive. */
final class Scenarios {

    private static final List<Integer> SLOW_OR_NOT = List.of(4, 5);

    private Scenarios() {}

    /**
     * Small scenarios of the protocol as built. The numbers are nodes, concurrent verifications, keys, and ticks of a
     * lease. Together they make every kind of transition.
     */
    static List<Scenario> small() {
        return List.of(
                maxDrift("a purge and a repeated revocation", 1, 1, 1, 1, REVOKE, REVOKE_AGAIN, PURGE),
                maxDrift("a fail-over that loses a revocation", 1, 1, 1, 1, REVOKE, REVOKE_AGAIN, FAIL_OVER),
                maxDrift("a fail-over that loses the lease", 1, 1, 1, 2, CACHING_STARTS, REVOKE, FAIL_OVER),
                maxDrift("a fail-over after all nodes polled", 1, 1, 1, 1, REVOKE, OTHER_WRITE, LATE_FAIL_OVER),
                maxDrift("a quick fail-over", 1, 1, 1, 1, REVOKE, OTHER_WRITE, QUICK_FAIL_OVER),
                maxDrift("two keys, one changed by another writer", 1, 1, 2, 2, REVOKE, OTHER_WRITE, LIMITED_ROOM),
                maxDrift("pages of one change", 1, 1, 2, 1, REVOKE_ALL, OTHER_WRITE, PAGES_OF_ONE),
                maxDrift("a lagging replica", 1, 1, 1, 1, REVOKE, OTHER_WRITE, LAGGING_REPLICA),
                maxDrift("a key is issued, another revoked", 1, 1, 2, 1, ISSUE, REVOKE),
                maxDrift("the revision is read first", 1, 1, 2, 2, REVOKE, OTHER_WRITE, REVISION_READ_FIRST),
                maxDrift("the revision first, a purge", 1, 1, 1, 1, REVOKE, REVOKE_AGAIN, PURGE, REVISION_READ_FIRST),
                maxDrift(
                        "the revision first, pages",
                        1,
                        1,
                        2,
                        1,
                        REVOKE_ALL,
                        OTHER_WRITE,
                        PAGES_OF_ONE,
                        REVISION_READ_FIRST),
                maxDrift(
                        "the revision first, a lagging replica",
                        1,
                        1,
                        1,
                        1,
                        REVOKE,
                        OTHER_WRITE,
                        LAGGING_REPLICA,
                        REVISION_READ_FIRST),
                maxDrift("the revision first, a key is issued", 1, 1, 2, 1, ISSUE, REVOKE, REVISION_READ_FIRST),
                maxDrift("a node starts during writes", 1, 1, 1, 2, CACHING_STARTS, REVOKE, ISSUE, FAILED_POLL),
                maxDrift("a suspended machine", 1, 1, 1, 2, REVOKE, OTHER_WRITE, SUSPENSION));
    }

    /**
     * Scenarios of the protocol as built that take a minute: several verifications or nodes, longer leases. Those of two ticks are
     * small ones in which time can also pass within a lease.
     */
    static List<Scenario> medium() {
        return List.of(
                maxDrift(
                        "the revision first, pages, a purge",
                        1,
                        1,
                        2,
                        2,
                        REVOKE,
                        OTHER_WRITE,
                        PURGE,
                        PAGES_OF_ONE,
                        REVISION_READ_FIRST),
                maxDrift("two nodes", 2, 1, 1, 1, REVOKE),
                maxDrift("two nodes that start at any time", 2, 1, 1, 1, CACHING_STARTS, REVOKE),
                maxDrift("three verifications", 1, 3, 1, 2, REVOKE),
                maxDrift("two verifications and another writer", 1, 2, 1, 2, REVOKE, OTHER_WRITE),
                maxDrift("a repeated revocation", 1, 2, 1, 2, REVOKE, REVOKE_AGAIN),
                maxDrift("a purge", 1, 1, 1, 2, REVOKE, PURGE),
                maxDrift("a fail-over that loses commits", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN, OTHER_WRITE, FAIL_OVER),
                maxDrift("a fail-over during a suspension", 1, 1, 1, 2, REVOKE, OTHER_WRITE, FAIL_OVER, SUSPENSION),
                maxDrift("two keys revoked in one write, and purged", 1, 1, 2, 2, REVOKE_ALL, PURGE, LIMITED_ROOM),
                maxDrift("a tenant-wide write", 1, 2, 1, 2, REVOKE_ALL, OTHER_WRITE),
                maxDrift("a log of one eviction", 1, 2, 2, 1, REVOKE, OTHER_WRITE, SHORT_LOG),
                maxDrift("an unknown key is issued and revoked", 1, 2, 1, 2, ISSUE, REVOKE),
                maxDrift("a purge and a repeated revocation, two ticks", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN, PURGE),
                maxDrift("a fail-over after all polled, two ticks", 1, 1, 1, 2, REVOKE, OTHER_WRITE, LATE_FAIL_OVER),
                maxDrift("a quick fail-over, two ticks", 1, 1, 1, 2, REVOKE, OTHER_WRITE, QUICK_FAIL_OVER),
                maxDrift("pages of one change, two ticks", 1, 1, 2, 2, REVOKE_ALL, OTHER_WRITE, PAGES_OF_ONE),
                maxDrift("a lagging replica, two ticks", 1, 1, 1, 2, REVOKE, OTHER_WRITE, LAGGING_REPLICA),
                maxDrift("a key is issued, another revoked, two ticks", 1, 1, 2, 2, ISSUE, REVOKE),
                maxDrift("clocks 25 % apart, in finer ticks", 1, 1, 1, 10, REVOKE),
                maxDrift("clocks that slow down for a while", 1, 1, 1, 5, REVOKE)
                        .withClocks(20, SLOW_OR_NOT, SLOW_OR_NOT));
    }

    /** Scenarios of the protocol as built that take minutes and gigabytes. */
    static List<Scenario> large() {
        return List.of(
                maxDrift("a purge and two verifications", 1, 2, 1, 2, REVOKE, PURGE),
                maxDrift("pages of one change, and a purge", 1, 1, 2, 4, REVOKE, OTHER_WRITE, PURGE, PAGES_OF_ONE),
                maxDrift("two verifications and a replica", 1, 2, 1, 2, REVOKE, OTHER_WRITE, LAGGING_REPLICA),
                maxDrift("one suspended machine of two", 2, 1, 1, 1, REVOKE, SUSPENSION),
                maxDrift("two verifications, a suspended machine", 1, 2, 1, 2, REVOKE, OTHER_WRITE, SUSPENSION),
                maxDrift("two starting nodes, a repeated revocation", 2, 1, 1, 1, CACHING_STARTS, REVOKE, REVOKE_AGAIN),
                maxDrift("two nodes, leases of two ticks", 2, 1, 1, 2, REVOKE),
                maxDrift("two nodes and two keys", 2, 1, 2, 1, REVOKE),
                maxDrift("three verifications, all kinds of writes", 1, 3, 1, 2, ISSUE, REVOKE, REVOKE_AGAIN, PURGE));
    }

    /** Documented limits of the promise: the model finds a violation in each. */
    static List<Scenario> beyondThePromise() {
        return List.of(
                // One tick is the whole wait: 6255 units on the writer's clock, but only 5000 on the node's, less than
                // its lease.
                maxDrift("clocks 25.1 % apart", 1, 1, 1, 0, REVOKE).withClocks(5004, List.of(5000), List.of(6255)),
                maxDrift("a suspended machine", 1, 1, 1, 2, REVOKE, SUSPENSION_WITHOUT_EXCUSE),
                maxDrift("a suspension, excused for its lease only", 1, 1, 1, 2, REVOKE, SUSPENSION_EXCUSED_BY_LEASE),
                maxDrift(
                        "a quick fail-over that loses the lease", 1, 1, 1, 2, CACHING_STARTS, REVOKE, QUICK_FAIL_OVER));
    }

    /** As {@link #beyondThePromise}, but takes as long as all others. */
    static Scenario lossOfAWaitingPurge() {
        return maxDrift("a fail-over that loses a waiting purge", 1, 1, 1, 2, REVOKE_ALL, PURGE, FAIL_OVER);
    }

    /** {@return one scenario for each fault, in which it causes a violation} */
    static List<Scenario> faulty() {
        Map<Fault, Scenario> scenarios = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            scenarios.put(fault, scenarioFor(fault).with(fault));
        }
        return List.copyOf(scenarios.values());
    }

    private static Scenario scenarioFor(Fault fault) {
        return switch (fault) {
            case NO_WAIT_WHERE_NOTHING_CHANGED -> maxDrift("", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN);
            case REVISION_TAKEN_WITHOUT_A_LOCK -> maxDrift("", 1, 1, 1, 2, REVOKE, OTHER_WRITE);
            case PURGE_WITHOUT_EVICTION, EVICTIONS_DELETED_BEFORE_WAIT_ENDS -> maxDrift("", 1, 1, 1, 2, REVOKE, PURGE);
            case TENANT_WIDE_WRITE_WITHOUT_EVICTION -> maxDrift("", 1, 1, 1, 2, REVOKE_ALL);
            case FILL_IGNORES_TENANT -> maxDrift("", 1, 1, 1, 2, REVOKE_ALL);
            case FILL_OF_UNKNOWN_IGNORES_REVISION -> maxDrift("", 1, 1, 1, 2, ISSUE);
            case FILL_IGNORES_EPOCH -> maxDrift("", 1, 1, 1, 1, REVOKE, OTHER_WRITE, FAIL_OVER);
            case LOG_DROPS_SILENTLY -> maxDrift("", 1, 1, 2, 2, REVOKE, OTHER_WRITE, SHORT_LOG);
            case NO_STALE_CHECK -> maxDrift("", 1, 1, 1, 2, REVOKE, LAGGING_REPLICA);
            case LEASE_EXTENDED_AFTER_FIRST_PAGE -> maxDrift("", 1, 1, 2, 2, REVOKE, OTHER_WRITE, PAGES_OF_ONE);
            case LAPSE_CHECKED_ON_FIRST_PAGE_ONLY -> maxDrift("", 1, 1, 2, 2, REVOKE_ALL, OTHER_WRITE, PAGES_OF_ONE);
            case CACHES_BEFORE_LEASE_COMMITS -> maxDrift("", 1, 1, 1, 2, CACHING_STARTS, REVOKE);
            case LEASE_UNKNOWN_TO_WRITERS -> maxDrift("", 1, 1, 1, 2, CACHING_STARTS, REVOKE, FAIL_OVER);
            case OTHER_KEY_EVICTED -> maxDrift("", 1, 1, 2, 2, REVOKE);
            case UNKNOWN_RESULTS_KEPT -> maxDrift("", 1, 1, 1, 2, ISSUE);
            case NO_FLUSH_AFTER_A_LAPSE -> maxDrift("", 1, 1, 1, 2, REVOKE, PURGE);
            case NO_FLUSH_ON_A_NEW_CONNECTION -> maxDrift("", 1, 1, 1, 2, REVOKE, OTHER_WRITE, QUICK_FAIL_OVER);
            case NO_FLUSH_WHEN_REVISION_WENT_BACK -> maxDrift("", 1, 1, 1, 2, REVOKE, LATE_FAIL_OVER);
            case FILL_IGNORES_REVISION, EVICTED_BEFORE_LOGGED -> maxDrift("", 1, 1, 1, 2, REVOKE);
            case PUT_THEN_CHECKED_AGAIN, JOINED_LOOKUP -> maxDrift("", 1, 2, 1, 1, REVOKE);
            case WAIT_OF_ONE_LEASE -> maxDrift("", 1, 1, 1, 6, REVOKE);
            case NO_WAIT,
                    LEASE_FROM_AFTER_THE_POLL,
                    REVISION_READ_LAST_BY_POLLS,
                    REVISION_READ_LAST_BY_LOOKUPS,
                    LEASE_EXTENDED_BEFORE_EVICTION,
                    ENTRY_BEFORE_LEASE -> maxDrift("", 1, 1, 1, 2, REVOKE, OTHER_WRITE);
        };
    }
}
