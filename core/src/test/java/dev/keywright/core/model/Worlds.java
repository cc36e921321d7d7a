package dev.keywright.core.model;

import static dev.keywright.core.model.Event.BEGINNING;
import static dev.keywright.core.model.Event.FAILED_POLL;
import static dev.keywright.core.model.Event.FAIL_OVER;
import static dev.keywright.core.model.Event.ISSUE;
import static dev.keywright.core.model.Event.LAGGING_REPLICA;
import static dev.keywright.core.model.Event.NO_ROOM;
import static dev.keywright.core.model.Event.OTHER_WRITE;
import static dev.keywright.core.model.Event.PAGES_OF_ONE;
import static dev.keywright.core.model.Event.PURGE;
import static dev.keywright.core.model.Event.QUICK_FAIL_OVER;
import static dev.keywright.core.model.Event.QUIET_FAIL_OVER;
import static dev.keywright.core.model.Event.REVOKE;
import static dev.keywright.core.model.Event.REVOKE_AGAIN;
import static dev.keywright.core.model.Event.REVOKE_ALL;
import static dev.keywright.core.model.Event.SHORT_LOG;
import static dev.keywright.core.model.Event.SUSPENSION;
import static dev.keywright.core.model.Event.SUSPENSION_EXCUSED_BY_ITS_LEASE;
import static dev.keywright.core.model.Event.SUSPENSION_WITHOUT_EXCUSE;
import static dev.keywright.core.model.World.small;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The worlds that are searched. Each is as small as it can be for what it is about, so that it can be exhausted. */
final class Worlds {

    private static final List<Integer> SLOW_OR_NOT = List.of(4, 5);

    private Worlds() {}

    /** Of the protocol as it is built. The numbers are those of nodes, verifications at once, keys, and ticks in a lease. */
    static List<World> asBuilt() {
        return List.of(
                small("two nodes", 2, 1, 1, 1, REVOKE),
                small("two nodes, each of which begins when it likes", 2, 1, 1, 1, BEGINNING, REVOKE),
                small("three verifications", 1, 3, 1, 2, REVOKE),
                small("two verifications and another writer", 1, 2, 1, 2, REVOKE, OTHER_WRITE),
                small("a revocation that is repeated", 1, 2, 1, 2, REVOKE, REVOKE_AGAIN),
                small("a purge", 1, 1, 1, 2, REVOKE, PURGE),
                small("a purge and a repeated revocation", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN, PURGE),
                small("a fail-over that loses commits", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN, OTHER_WRITE, FAIL_OVER),
                small("a fail-over that loses the lease", 1, 1, 1, 2, BEGINNING, REVOKE, FAIL_OVER),
                small("a fail-over that all have heard of", 1, 1, 1, 2, REVOKE, OTHER_WRITE, QUIET_FAIL_OVER),
                small("a quick fail-over", 1, 1, 1, 2, REVOKE, OTHER_WRITE, QUICK_FAIL_OVER),
                small(
                        "a fail-over while a machine stands still",
                        1,
                        1,
                        1,
                        2,
                        REVOKE,
                        OTHER_WRITE,
                        FAIL_OVER,
                        SUSPENSION),
                small("two keys, one of which is written too", 1, 1, 2, 2, REVOKE, OTHER_WRITE, NO_ROOM),
                small("two keys are revoked at once, and removed", 1, 1, 2, 2, REVOKE_ALL, PURGE, NO_ROOM),
                small("a tenant-wide write", 1, 2, 1, 2, REVOKE_ALL, OTHER_WRITE),
                small("pages of one change", 1, 1, 2, 2, REVOKE_ALL, OTHER_WRITE, PAGES_OF_ONE),
                small("a log of one eviction", 1, 2, 2, 1, REVOKE, OTHER_WRITE, SHORT_LOG),
                small("a replica that lags behind", 1, 1, 1, 2, REVOKE, OTHER_WRITE, LAGGING_REPLICA),
                small("a key is issued, having been unknown, and revoked", 1, 2, 1, 2, ISSUE, REVOKE),
                small("a key is issued while another is revoked", 1, 1, 2, 2, ISSUE, REVOKE),
                small("a node begins while others write", 1, 1, 1, 2, BEGINNING, REVOKE, ISSUE, FAILED_POLL),
                small("clocks 25 % apart, in finer ticks", 1, 1, 1, 10, REVOKE),
                small("clocks that go slower for a while", 1, 1, 1, 5, REVOKE).withClocks(20, SLOW_OR_NOT, SLOW_OR_NOT),
                small("a machine that stands still", 1, 1, 1, 2, REVOKE, OTHER_WRITE, SUSPENSION));
    }

    /** More of the same, for which one has to wait. */
    static List<World> asBuiltAndLarger() {
        return List.of(
                small("a purge, and two verifications", 1, 2, 1, 2, REVOKE, PURGE),
                small("pages of one change, and a purge", 1, 1, 2, 4, REVOKE, OTHER_WRITE, PURGE, PAGES_OF_ONE),
                small("two verifications, and a replica", 1, 2, 1, 2, REVOKE, OTHER_WRITE, LAGGING_REPLICA),
                small("a machine that stands still, of two", 2, 1, 1, 1, REVOKE, SUSPENSION),
                small("two verifications on a machine that stands still", 1, 2, 1, 2, REVOKE, OTHER_WRITE, SUSPENSION),
                small("two nodes that begin, and a repeated revocation", 2, 1, 1, 1, BEGINNING, REVOKE, REVOKE_AGAIN),
                small("two nodes, leases of two ticks", 2, 1, 1, 2, REVOKE),
                small("two nodes and two keys", 2, 1, 2, 1, REVOKE),
                small("three verifications, and all kinds of writes", 1, 3, 1, 2, ISSUE, REVOKE, REVOKE_AGAIN, PURGE));
    }

    /** What the promise does not cover, and would not keep: a way in which it is broken is known for each. */
    static List<World> beyondThePromise() {
        return List.of(
                // A tick is as long as the wait: 6255 units on the writer's clock, and 5000 on the node's, less than
                // the lease.
                small("clocks 25.1 % apart", 1, 1, 1, 0, REVOKE).withClocks(5004, List.of(5000), List.of(6255)),
                small("a machine that stands still", 1, 1, 1, 2, REVOKE, SUSPENSION_WITHOUT_EXCUSE),
                small("the same, for longer than its lease", 1, 1, 1, 2, REVOKE, SUSPENSION_EXCUSED_BY_ITS_LEASE),
                small("a quick fail-over that loses the lease", 1, 1, 1, 2, BEGINNING, REVOKE, QUICK_FAIL_OVER),
                small("a fail-over that loses a purge that still waits", 1, 1, 1, 2, REVOKE_ALL, PURGE, FAIL_OVER));
    }

    /** For each fault a world in which it is found out. */
    static List<World> faulty() {
        Map<Fault, World> worlds = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            worlds.put(fault, worldFor(fault).with(fault));
        }
        return List.copyOf(worlds.values());
    }

    private static World worldFor(Fault fault) {
        return switch (fault) {
            case NO_WAIT_WHERE_NOTHING_CHANGED -> small("", 1, 1, 1, 2, REVOKE, REVOKE_AGAIN);
            case REVISION_TAKEN_WITHOUT_A_LOCK -> small("", 1, 1, 1, 2, REVOKE, OTHER_WRITE);
            case PURGE_WITHOUT_EVICTION, EVICTIONS_DELETED_BEFORE_THE_WAIT_IS_OVER ->
                small("", 1, 1, 1, 2, REVOKE, PURGE);
            case TENANT_WIDE_WRITE_WITHOUT_EVICTION -> small("", 1, 1, 1, 2, REVOKE_ALL);
            case FILL_IGNORES_TENANT -> small("", 1, 2, 1, 2, REVOKE_ALL);
            case FILL_OF_UNKNOWN_IGNORES_REVISION -> small("", 1, 2, 1, 2, ISSUE);
            case FILL_IGNORES_EPOCH -> small("", 1, 2, 1, 2, REVOKE, OTHER_WRITE, FAIL_OVER);
            case LOG_THAT_DROPS_IN_SILENCE -> small("", 1, 2, 2, 2, REVOKE, OTHER_WRITE, SHORT_LOG);
            case NO_STALE_CHECK -> small("", 1, 1, 1, 2, REVOKE, LAGGING_REPLICA);
            case LEASE_EXTENDED_AFTER_THE_FIRST_PAGE -> small("", 1, 1, 2, 2, REVOKE, OTHER_WRITE, PAGES_OF_ONE);
            case LAPSE_CHECKED_ON_THE_FIRST_PAGE_ALONE -> small("", 1, 1, 2, 3, REVOKE_ALL, OTHER_WRITE, PAGES_OF_ONE);
            case CACHES_BEFORE_THE_LEASE_IS_COMMITTED -> small("", 1, 1, 1, 2, BEGINNING, REVOKE);
            case LEASE_THAT_NO_WRITER_KNOWS -> small("", 1, 1, 1, 2, BEGINNING, REVOKE, FAIL_OVER);
            case OTHER_KEY_FORGOTTEN -> small("", 1, 1, 2, 2, REVOKE);
            case UNKNOWN_TEXTS_KEPT -> small("", 1, 1, 1, 2, ISSUE);
            case NO_FLUSH_AFTER_A_LAPSE -> small("", 1, 1, 1, 2, REVOKE, PURGE);
            case NO_FLUSH_ON_A_NEW_CONNECTION -> small("", 1, 1, 1, 2, REVOKE, OTHER_WRITE, QUICK_FAIL_OVER);
            case NO_FLUSH_WHEN_THE_REVISION_WENT_BACK -> small("", 1, 1, 1, 2, REVOKE, QUIET_FAIL_OVER);
            case FILL_IGNORES_REVISION, FORGOTTEN_BEFORE_IT_IS_LOGGED, PUT_THEN_CHECKED_AGAIN, JOINED_LOOKUP ->
                small("", 1, 2, 1, 2, REVOKE);
            case WAIT_OF_ONE_LEASE -> small("", 1, 1, 1, 6, REVOKE);
            case NO_WAIT,
                    LEASE_FROM_AFTER_THE_POLL,
                    POLL_OF_TWO_SNAPSHOTS,
                    LEASE_EXTENDED_BEFORE_FORGETTING,
                    ENTRY_BEFORE_LEASE -> small("", 1, 1, 1, 2, REVOKE, OTHER_WRITE);
        };
    }
}
