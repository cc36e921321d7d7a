package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKeys;
import dev.keywright.UserId;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the processes that would share a store.
 *
 * @param number which: from 0 on
 * @param keys what its callers use
 * @param housekeeping what writes uses down
 */
record Node(int number, ApiKeys keys, Runnable housekeeping) {

    /** How many there are. */
    static final int HOW_MANY = 2;

    /** Known to everybody, which does not matter: it guards keys that live as long as a run. */
    private static final Pepper PEPPER =
            Pepper.of("a pepper for runs, and of no other use".getBytes(StandardCharsets.US_ASCII));

    /** Starts one. */
    static Node on(KeyStore store, int number, ScopeCatalog offered, Clock clock) {
        List<Runnable> tasks = new ArrayList<>();
        ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(offered)
                .pepper(PEPPER)
                .clock(clock)
                .maintenanceScheduler(tasks::add)
                .build();
        return new Node(number, keys, tasks.get(0));
    }

    /** {@return the keys of a tenant, in the hands of somebody} */
    TenantKeys keysOf(TenantHistory tenant, Actor person) {
        return keys.managedBy(
                ManagementSession.of(tenant.id(), UserId.of(person.name())).withRoles("Admin"));
    }
}
