package dev.keywright.stress;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Secret;
import dev.keywright.StoreUnavailableException;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.StoredValues;
import dev.keywright.stress.SharedKeys.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Manages keys. Each round issues or imports the keys of a new tenant, lets them be verified for a moment, changes some, lists them,
 * and revokes all of them in different ways. A call without an answer is repeated. All writers regularly change the same key at the
 * same moment, so that writes race, and they revoke the keys of killed processes.
 */
final class KeyWriter implements Runnable {

    private static final Duration OVERLAP = Duration.ofDays(30);
    private static final long MIN_USE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long MAX_USE_NANOS = Duration.ofMillis(400).toNanos();

    /** How long a revoked key is still verified: longer than any cache may hold it. */
    static final long AFTERLIFE_NANOS = Duration.ofMillis(800).toNanos();

    private static final long MEETING_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(20).toNanos();

    private static final int MIN_IMPORTED = 2;
    private static final int MAX_IMPORTED = 40;
    private static final int MAX_ISSUED = 3;

    private final ApiKeys keys;
    private final SharedKeys sharedKeys;
    private final KeySource source;
    private final SplittableRandom random;
    private final Queue<Revoked> revoked = new ArrayDeque<>();

    /** Choices are taken in turn, and each writer starts at another one, so that the first rounds cover all of them. */
    private int round;

    /** A revoked key that is still verified. */
    private record Revoked(int key, long at) {}

    KeyWriter(ApiKeys keys, SharedKeys sharedKeys, KeySource source, SplittableRandom random, int firstRound) {
        this.keys = keys;
        this.sharedKeys = sharedKeys;
        this.source = source;
        this.random = random;
        this.round = firstRound;
    }

    @Override
    public void run() {
        do {
            retire();
            takeOver();
            manageTenant(random.nextLong(Long.MAX_VALUE));
            round++;
        } while (!sharedKeys.isStopped());
    }

    private void retire() {
        for (Revoked first = revoked.peek();
                first != null && System.nanoTime() - first.at > AFTERLIFE_NANOS;
                first = revoked.peek()) {
            sharedKeys.phase(first.key, Phase.RETIRED);
            revoked.remove();
        }
    }

    /** Revokes the keys of killed processes, in whatever state their calls were. */
    private void takeOver() {
        for (int key = sharedKeys.firstInUse(); key < sharedKeys.size(); key++) {
            Phase phase = sharedKeys.phase(key);
            int owner = sharedKeys.owner(key);
            if (phase != Phase.RETIRED
                    && sharedKeys.wasKilled(owner)
                    && sharedKeys.takeOver(key, owner, source.process())) {
                if (phase == Phase.REVOKED) {
                    retireLater(key);
                } else if (phase == Phase.EMPTY || !sharedKeys.hasId(key)) {
                    sharedKeys.phase(key, Phase.RETIRED);
                } else {
                    revoke(RevokedBy.REVOKE_AFTER_KILL, key);
                }
            }
        }
    }

    private void manageTenant(long number) {
        List<Integer> active = new ArrayList<>(round % 3 == 0 ? issue(number) : importKeys(number));
        if (active.isEmpty()) {
            return;
        }
        TenantKeys tenant = source.tenant(number);
        LockSupport.parkNanos(random.nextLong(MIN_USE_NANOS, MAX_USE_NANOS));
        for (int i = 0; i < 2; i++) {
            change(tenant, any(active));
        }
        if (round % 4 == 0) {
            compareList(tenant, active);
        }
        meetOtherWriters();
        revokeOne(tenant, number, active);
        revokeOthers(tenant, active);
        if (round % 24 == 0) {
            retry(() -> keys.operatedBy(KeySource.JOB).purge(Duration.ZERO));
        }
    }

    private int any(List<Integer> some) {
        return some.get(random.nextInt(some.size()));
    }

    private List<Integer> issue(long number) {
        List<Integer> issued = new ArrayList<>();
        for (int i = 1 + round / 3 % MAX_ISSUED; i > 0; i--) {
            try {
                issued.add(source.issue(number));
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        return issued;
    }

    private List<Integer> importKeys(long number) {
        List<Integer> announced = source.announce(number, random.nextInt(MIN_IMPORTED, MAX_IMPORTED + 1));
        return retry(() -> source.importAnnounced(number, announced)) ? announced : List.of();
    }

    /** Changes or revokes the newest key at the same moment as all other writers. */
    private void meetOtherWriters() {
        LockSupport.parkNanos(MEETING_INTERVAL_NANOS - Math.floorMod(System.nanoTime(), MEETING_INTERVAL_NANOS));
        int key = sharedKeys.size() - 1;
        while (key > sharedKeys.firstInUse() && !(sharedKeys.phase(key) == Phase.LIVE && sharedKeys.hasId(key))) {
            key--;
        }
        if (key >= sharedKeys.firstInUse()
                && key < sharedKeys.size()
                && sharedKeys.phase(key) == Phase.LIVE
                && sharedKeys.hasId(key)) {
            TenantKeys tenant = source.tenant(sharedKeys.tenant(key));
            if (round % 8 == 0) {
                revokeAnothers(tenant, key);
            } else {
                change(tenant, key);
            }
        }
    }

    /** Revokes a key with which its own writer goes on. */
    private void revokeAnothers(TenantKeys tenant, int key) {
        long begun = System.nanoTime();
        source.record(EventType.REVOCATION_BEGUN, 0, key, begun, begun, 0);
        attempt(() -> {
            requireRevoked(key, tenant.revoke(sharedKeys.id(key), "interference"));
            source.record(
                    EventType.REVOKED, RevokedBy.REVOKE_BY_ANOTHER_WRITER.number(), key, begun, System.nanoTime(), 0);
        });
    }

    /** Renames a key, and adds or removes a scope; in one of four calls, by an outdated version. */
    private void change(TenantKeys tenant, int key) {
        attempt(() -> {
            ApiKey before = read(tenant, key);
            boolean outdated = before.version() > 1 && random.nextInt(4) == 0;
            int expected = Node.version(before) - (outdated ? 1 : 0);
            String[] scopes = random.nextBoolean()
                    ? new String[] {Node.SCOPE}
                    : new String[] {Node.SCOPE, Node.OPTIONAL_SCOPE.value()};
            // A name that no other change has tells it from a concurrent one to the same scopes.
            KeyChange change = KeyChange.ifVersion(expected)
                    .rename(key + " " + Long.toHexString(random.nextLong()))
                    .rescope(scopes);
            int flags = scopes.length == 2 ? Event.HAS_SCOPE : 0;
            long begun = System.nanoTime();
            source.record(EventType.CHANGE_BEGUN, flags, key, begun, begun, expected + 1);
            try {
                ApiKey after = tenant.change(before.id(), change);
                source.record(EventType.CHANGED, flags, key, begun, System.nanoTime(), expected + 1);
                ApiKey wanted = StoredValues.keyBuilder(before)
                        .version(expected + 1)
                        .name(change.name().orElseThrow())
                        .scopes(change.scopes().orElseThrow())
                        .usage(after.usage().orElse(null))
                        .build();
                require(after.equals(wanted), Violation.CHANGE_IS_NOT_THE_REQUESTED_ONE, key);
            } catch (KeyConflictException e) {
                int refused = e.rule() == KeyConflictException.Rule.VERSION ? expected : 0;
                source.record(EventType.CHANGE_REFUSED, 0, key, begun, System.nanoTime(), refused);
            }
        });
    }

    private ApiKey read(TenantKeys tenant, int key) {
        long begun = System.nanoTime();
        ApiKey row = tenant.get(sharedKeys.id(key));
        if (row.revocation().isEmpty()) {
            recordListed(key, row, begun);
        }
        return row;
    }

    private void recordListed(int key, ApiKey row, long begun) {
        source.record(EventType.LISTED, Node.scopeFlag(row), key, begun, System.nanoTime(), Node.version(row));
    }

    /** Lists the active keys of a tenant, on two pages or more, and records which of its keys were missing. */
    private void compareList(TenantKeys tenant, List<Integer> active) {
        attempt(() -> {
            Map<KeyId, ApiKey> listed = new HashMap<>();
            boolean twice = false;
            long begun = System.nanoTime();
            KeyQuery query = KeyQuery.active().limit(1 + random.nextInt(Math.max(1, Math.min(active.size() - 1, 5))));
            KeyPage<ApiKey> page = tenant.list(query);
            while (true) {
                for (ApiKey row : page.items()) {
                    twice |= listed.put(row.id(), row) != null;
                }
                if (page.next().isEmpty() || twice) {
                    break;
                }
                page = tenant.list(query.from(page.next().get()));
            }
            require(!twice, Violation.KEY_LISTED_TWICE, active.get(0));
            for (int key : active) {
                ApiKey row = listed.get(sharedKeys.id(key));
                if (row != null) {
                    recordListed(key, row, begun);
                } else if (!twice) {
                    source.record(EventType.UNLISTED, 0, key, begun, System.nanoTime(), 0);
                }
            }
        });
    }

    private void revokeOne(TenantKeys tenant, long number, List<Integer> active) {
        Integer key = any(active);
        switch (round % 5) {
            case 0 -> {
                revoke(
                        RevokedBy.ROTATE_WITHOUT_OVERLAP,
                        List.of(key),
                        () -> rotate(tenant, number, key, Duration.ZERO, active));
                active.remove(key);
            }
            case 1 -> {
                rotateWithOverlap(tenant, number, key, active);
                revoke(RevokedBy.COMPLETE_ROTATION, List.of(key), () -> completeRotation(tenant, key));
                active.remove(key);
            }
            case 2 -> {
                Secret secret = Secret.of(sharedKeys.text(key));
                revoke(RevokedBy.REVOKE_BY_POSSESSION, List.of(key), () -> {
                    if (!keys.revokeByPossession(secret, "leaked")) {
                        throw new KeyNotFoundException();
                    }
                });
                active.remove(key);
            }
            default -> {}
        }
    }

    /** The key may be missing: another writer revoked it, and it was purged since. */
    private void rotateWithOverlap(TenantKeys tenant, long number, int key, List<Integer> active) {
        try {
            retry(() -> rotate(tenant, number, key, OVERLAP, active));
        } catch (KeyNotFoundException e) {
            // The completion of the rotation, which follows, does not find the key either, and retires it.
        }
    }

    /** If an earlier attempt succeeded without an answer, the successor's secret is lost, and the old key is revoked. */
    private void rotate(TenantKeys tenant, long number, int key, Duration overlap, List<Integer> active) {
        KeyId id = sharedKeys.id(key);
        long begun = System.nanoTime();
        source.record(EventType.CHANGE_BEGUN, Event.HAS_SCOPE, key, begun, begun, 0);
        try {
            Rotation rotation = tenant.rotate(id, overlap);
            ApiKey old = rotation.predecessor();
            ApiKey next = rotation.successor().key();
            active.add(source.publish(rotation.successor(), number, begun));
            source.record(EventType.CHANGED, Node.scopeFlag(old), key, begun, System.nanoTime(), Node.version(old));
            require(
                    old.successor().equals(Optional.of(next.id()))
                            && next.predecessor().equals(Optional.of(id))
                            && next.name().equals(old.name())
                            && next.scopes().equals(old.scopes())
                            && (overlap.isZero()
                                    ? old.revocation().isPresent()
                                    : old.expiresAt().isPresent()),
                    Violation.ROTATION_IS_NOT_THE_REQUESTED_ONE,
                    key);
        } catch (KeyConflictException e) {
            source.record(EventType.CHANGE_REFUSED, 0, key, begun, System.nanoTime(), 0);
            if (overlap.isZero()) {
                requireRevoked(key, tenant.revoke(id, "rotated"));
            }
        }
    }

    /** The rotation may have been refused, since another writer revoked the key. */
    private void completeRotation(TenantKeys tenant, int key) {
        try {
            tenant.completeRotation(sharedKeys.id(key));
        } catch (KeyConflictException e) {
            requireRevoked(key, tenant.revoke(sharedKeys.id(key), "not rotated"));
        }
    }

    private void revokeOthers(TenantKeys tenant, List<Integer> active) {
        List<KeyId> ids = active.stream().map(sharedKeys::id).toList();
        if (active.isEmpty()) {
            return;
        }
        if (round % 7 == 0) {
            revoke(RevokedBy.REVOKE_ALL, active, () -> tenant.revokeAll("all"));
        } else if (active.size() == 1) {
            revoke(RevokedBy.REVOKE, active.get(0));
        } else {
            revoke(RevokedBy.REVOKE_MANY, active, () -> tenant.revoke(ids, "many"));
        }
    }

    private void revoke(RevokedBy revokedBy, int key) {
        TenantKeys tenant = source.tenant(sharedKeys.tenant(key));
        revoke(revokedBy, List.of(key), () -> requireRevoked(key, tenant.revoke(sharedKeys.id(key), "one")));
    }

    /** Revokes keys and records it. A missing key was revoked by a call without an answer, and purged since: nothing is promised. */
    private void revoke(RevokedBy revokedBy, List<Integer> some, Runnable call) {
        List<Integer> all = List.copyOf(some);
        all.forEach(key -> sharedKeys.phase(key, Phase.REVOKING));
        try {
            if (!retry(() -> revokeOnce(revokedBy, all, call))) {
                return;
            }
            sharedKeys.addRevoked(all.size());
        } catch (KeyNotFoundException e) {
            if (all.size() > 1) {
                // One missing key fails the call for all of them.
                all.forEach(key -> revoke(RevokedBy.REVOKE, key));
                return;
            }
        }
        all.forEach(this::retireLater);
    }

    private void revokeOnce(RevokedBy revokedBy, List<Integer> all, Runnable call) {
        long begun = System.nanoTime();
        all.forEach(key -> source.record(EventType.REVOCATION_BEGUN, revokedBy.number(), key, begun, begun, 0));
        call.run();
        long returned = System.nanoTime();
        all.forEach(key -> source.record(EventType.REVOKED, revokedBy.number(), key, begun, returned, 0));
    }

    private void retireLater(int key) {
        sharedKeys.phase(key, Phase.REVOKED);
        revoked.add(new Revoked(key, System.nanoTime()));
    }

    private void requireRevoked(int key, ApiKey row) {
        require(row.revocation().isPresent(), Violation.REVOKED_KEY_IS_NOT_REVOKED, key);
    }

    private void require(boolean right, Violation violation, int key) {
        if (!right) {
            long now = System.nanoTime();
            source.record(EventType.VIOLATION, violation.number(), key, now, now, 0);
        }
    }

    /** Runs a call once; without an answer, its outcome stays open. */
    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (StoreUnavailableException
                | OutcomeUnknownException
                | BarrierInterruptedException
                | KeyNotFoundException e) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** Repeats a call until it is answered, or the thread is interrupted; returns whether it was answered. */
    private static boolean retry(Runnable call) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                call.run();
                return true;
            } catch (StoreUnavailableException | OutcomeUnknownException | BarrierInterruptedException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        return false;
    }
}
