package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKeys;
import dev.keywright.Conflict;
import dev.keywright.IssuedKey;
import dev.keywright.Job;
import dev.keywright.KeyChange;
import dev.keywright.KeyId;
import dev.keywright.NewKey;
import dev.keywright.NotYetEverywhere;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Secret;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.TenantKeys;
import dev.keywright.benchmarks.coherence.Board.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Issues keys of a tenant of its own, lets them be used for a moment, and ends them in one way or another; again and again. What
 * the store does not answer, it repeats. It also ends what was in the hands of a process that has died.
 */
final class Custodian implements Runnable {

    private static final Job JOB = new Job("custodian");
    private static final Duration OVERLAP = Duration.ofDays(30);
    private static final long SHORTEST_USE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_USE = Duration.ofMillis(400).toNanos();

    /** As long as somebody might still remember a key that has ended. */
    private static final long AFTERLIFE = Duration.ofMillis(800).toNanos();

    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    private final ApiKeys keys;
    private final Board board;
    private final Journal journal;
    private final int node;
    private final int process;
    private final int most;
    private final SplittableRandom random;

    private final Queue<Ended> ended = new ArrayDeque<>();

    /** A key that has ended, and is still used for a while. */
    private record Ended(int key, long at) {}

    /**
     * Takes the parts.
     *
     * @param process the number of the process, which no other has ever had
     * @param most how many keys are issued at a time
     */
    Custodian(ApiKeys keys, Board board, Journal journal, int node, int process, int most, SplittableRandom random) {
        this.keys = keys;
        this.board = board;
        this.journal = journal;
        this.node = node;
        this.process = process;
        this.most = most;
        this.random = random;
    }

    @Override
    public void run() {
        while (!board.isStopped()) {
            retire();
            inherit();
            live(random.nextLong(Long.MAX_VALUE));
        }
    }

    private void retire() {
        for (Ended first = ended.peek();
                first != null && System.nanoTime() - first.at > AFTERLIFE;
                first = ended.peek()) {
            board.phase(first.key, Phase.RETIRED);
            ended.remove();
        }
    }

    /** The process may have died before its call, in it, or between its return and this. */
    private void inherit() {
        for (int key = board.begin(); key < board.end(); key++) {
            Phase phase = board.phase(key);
            int owner = board.owner(key);
            if (phase != Phase.RETIRED && board.hasDied(owner) && board.inherit(key, owner, process)) {
                if (phase == Phase.EMPTY) {
                    board.phase(key, Phase.RETIRED);
                } else if (phase == Phase.ENDED) {
                    bury(key);
                } else {
                    int inherited = key;
                    end(Way.REVOKE_AFTER_A_CRASH, List.of(key), () -> tenant(board.tenant(inherited))
                            .revoke(board.id(inherited), "inherited"));
                }
            }
        }
    }

    private TenantKeys tenant(long number) {
        return keys.operatedBy(JOB).keysOf(TenantId.of("t" + number));
    }

    private void live(long number) {
        TenantKeys tenant = tenant(number);
        List<Integer> live = new ArrayList<>();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            issue(tenant, number, live);
        }
        if (live.isEmpty()) {
            LockSupport.parkNanos(PAUSE);
            return;
        }
        LockSupport.parkNanos(random.nextLong(SHORTEST_USE, LONGEST_USE));
        if (random.nextInt(4) == 0) {
            changeScopes(tenant, live.get(random.nextInt(live.size())));
        }
        endOneBySpecialWays(tenant, number, live);
        endTheRest(tenant, live);
        if (random.nextInt(40) == 0) {
            insist(() -> keys.operatedBy(JOB).purge(Duration.ZERO));
        }
    }

    private void issue(TenantKeys tenant, long number, List<Integer> live) {
        NewKey wanted = NewKey.named("in use").allowing("read:people", Node.LOSABLE.value());
        long begun = System.nanoTime();
        try {
            live.add(published(tenant.issue(wanted), number, begun));
        } catch (StoreUnavailable | OutcomeUnknown e) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private int published(IssuedKey issued, long tenant, long begun) {
        long returned = System.nanoTime();
        int key = board.add(process, tenant, issued.key().id(), issued.secret().reveal());
        journal.add(new Event(What.ISSUED, 0, node, key, begun, returned));
        board.phase(key, Phase.LIVE);
        return key;
    }

    private void changeScopes(TenantKeys tenant, int key) {
        change(tenant, key, What.TAKE_BEGUN, What.TAKEN, "read:people");
        if (random.nextBoolean()) {
            change(tenant, key, What.GIVE_BEGUN, What.GIVEN, "read:people", Node.LOSABLE.value());
        }
    }

    /** Not repeated: whether it was made at last is for the judge to leave open. */
    private void change(TenantKeys tenant, int key, What begins, What ends, String... scopes) {
        KeyId id = board.id(key);
        try {
            long version = tenant.get(id).version();
            long begun = System.nanoTime();
            journal.add(new Event(begins, 0, node, key, begun, begun));
            tenant.change(id, KeyChange.ifVersion(version).rescope(scopes));
            journal.add(new Event(ends, 0, node, key, begun, System.nanoTime()));
        } catch (StoreUnavailable | OutcomeUnknown | NotYetEverywhere | Conflict e) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private void endOneBySpecialWays(TenantKeys tenant, long number, List<Integer> live) {
        int key = live.get(random.nextInt(live.size()));
        KeyId id = board.id(key);
        switch (random.nextInt(5)) {
            case 0 -> {
                end(Way.ROTATE_WITHOUT_OVERLAP, List.of(key), () -> rotate(tenant, number, id, Duration.ZERO, live));
                live.remove(Integer.valueOf(key));
            }
            case 1 -> {
                insist(() -> rotate(tenant, number, id, OVERLAP, live));
                end(Way.END_ROTATION, List.of(key), () -> endRotation(tenant, id));
                live.remove(Integer.valueOf(key));
            }
            case 2 -> {
                Secret secret = Secret.of(board.text(key));
                end(Way.REVOKE_BY_POSSESSION, List.of(key), () -> keys.revokeByPossession(secret, "seen in public"));
                live.remove(Integer.valueOf(key));
            }
            default -> {}
        }
    }

    /** Where it was made before, and not answered, the successor's secret is lost; what is left is to make sure. */
    private void rotate(TenantKeys tenant, long number, KeyId id, Duration overlap, List<Integer> live) {
        long begun = System.nanoTime();
        try {
            live.add(published(tenant.rotate(id, overlap).successor(), number, begun));
        } catch (Conflict e) {
            if (overlap.isZero()) {
                tenant.revoke(id, "rotated");
            }
        }
    }

    /** Where it was not rotated, since the run has ended meanwhile, it does not matter how it ends. */
    private static void endRotation(TenantKeys tenant, KeyId id) {
        try {
            tenant.endRotation(id);
        } catch (Conflict e) {
            tenant.revoke(id, "not rotated");
        }
    }

    private void endTheRest(TenantKeys tenant, List<Integer> live) {
        List<Integer> rest = List.copyOf(live);
        List<KeyId> ids = rest.stream().map(board::id).toList();
        if (rest.isEmpty()) {
            return;
        }
        if (random.nextInt(4) == 0) {
            end(Way.REVOKE_ALL, rest, () -> tenant.revokeAll("all"));
        } else if (rest.size() == 1) {
            end(Way.REVOKE, rest, () -> tenant.revoke(ids.get(0), "one"));
        } else {
            end(Way.REVOKE_MANY, rest, () -> tenant.revoke(ids, "many"));
        }
    }

    private void end(Way way, List<Integer> all, Runnable call) {
        all.forEach(key -> board.phase(key, Phase.ENDING));
        boolean answered = insist(() -> {
            long begun = System.nanoTime();
            all.forEach(key -> journal.add(new Event(What.END_BEGUN, way.ordinal(), node, key, begun, begun)));
            call.run();
            long returned = System.nanoTime();
            all.forEach(key -> journal.add(new Event(What.ENDED, way.ordinal(), node, key, begun, returned)));
        });
        if (answered) {
            all.forEach(this::bury);
            board.countEnded(all.size());
        }
    }

    private void bury(int key) {
        board.phase(key, Phase.ENDED);
        ended.add(new Ended(key, System.nanoTime()));
    }

    /** Until it is answered; or until the run ends, which leaves it open. */
    private boolean insist(Runnable call) {
        while (!board.isStopped()) {
            try {
                call.run();
                return true;
            } catch (StoreUnavailable | OutcomeUnknown | NotYetEverywhere e) {
                LockSupport.parkNanos(PAUSE);
            }
        }
        return false;
    }
}
