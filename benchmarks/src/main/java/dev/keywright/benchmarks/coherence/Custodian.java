package dev.keywright.benchmarks.coherence;

import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Secret;
import dev.keywright.StoreUnavailableException;
import dev.keywright.benchmarks.coherence.Board.Phase;
import dev.keywright.management.KeyChange;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Issues or imports keys of a tenant of its own, lets them be used for a moment, and ends them in one way or another; again and
 * again. What the store does not answer, it repeats. It also ends what was in the hands of a process that has died.
 */
final class Custodian implements Runnable {

    private static final Duration OVERLAP = Duration.ofDays(30);
    private static final long SHORTEST_USE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_USE = Duration.ofMillis(400).toNanos();

    /** As long as somebody might still remember a key that has ended. */
    private static final long AFTERLIFE = Duration.ofMillis(800).toNanos();

    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    /** To issue keys takes a write for each; to import them, one for all. */
    private static final int ONE_LIFE_IN_SO_MANY_IS_ISSUED = 3;

    private static final int MOST_ISSUED = 3;
    private static final int ONE_LIFE_IN_SO_MANY_ENDS_WITH_A_PURGE = 24;

    private final ApiKeys keys;
    private final Board board;
    private final Journal journal;
    private final Intake intake;
    private final int node;
    private final int process;
    private final int most;
    private final SplittableRandom random;

    /** Whatever there is to choose from is taken in turn, so that a short run has all of it. */
    private int turn;

    private final Queue<Ended> ended = new ArrayDeque<>();

    /** A key that has ended, and is still used for a while. */
    private record Ended(int key, long at) {}

    /**
     * Takes the parts.
     *
     * @param process the number of the process, which no other has ever had
     * @param most how many keys are imported at a time
     */
    Custodian(ApiKeys keys, Board board, Journal journal, int node, int process, int most, SplittableRandom random) {
        this.keys = keys;
        this.board = board;
        this.journal = journal;
        this.intake = new Intake(keys, board, journal, node, process, random.split());
        this.node = node;
        this.process = process;
        this.most = most;
        this.random = random;
        this.turn = random.nextInt(1000);
    }

    @Override
    public void run() {
        while (!board.isStopped()) {
            retire();
            inherit();
            live(random.nextLong(Long.MAX_VALUE));
            turn++;
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
                if (phase == Phase.ENDED) {
                    bury(key);
                } else if (phase == Phase.EMPTY || !board.hasId(key)) {
                    board.phase(key, Phase.RETIRED);
                } else {
                    endInherited(key);
                }
            }
        }
    }

    private void endInherited(int key) {
        TenantKeys tenant = intake.tenant(board.tenant(key));
        end(Way.REVOKE_AFTER_A_CRASH, List.of(key), () -> tenant.revoke(board.id(key), "inherited"));
    }

    private void live(long number) {
        List<Integer> live = new ArrayList<>(
                turn % ONE_LIFE_IN_SO_MANY_IS_ISSUED == 0
                        ? issued(number)
                        : imported(number, 1 + random.nextInt(most)));
        if (live.isEmpty()) {
            return;
        }
        TenantKeys tenant = intake.tenant(number);
        LockSupport.parkNanos(random.nextLong(SHORTEST_USE, LONGEST_USE));
        if (turn % 4 == 0) {
            changeScopes(tenant, live.get(random.nextInt(live.size())));
        }
        endOneBySpecialWays(tenant, number, live);
        endTheRest(tenant, live);
        if (turn % ONE_LIFE_IN_SO_MANY_ENDS_WITH_A_PURGE == 0) {
            insist(() -> keys.operatedBy(Intake.JOB).purge(Duration.ZERO));
        }
    }

    private List<Integer> issued(long number) {
        List<Integer> issued = new ArrayList<>();
        for (int i = 1 + random.nextInt(MOST_ISSUED); i > 0; i--) {
            try {
                issued.add(intake.issue(number));
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                LockSupport.parkNanos(PAUSE);
            }
        }
        return issued;
    }

    private List<Integer> imported(long number, int howMany) {
        List<Integer> announced = intake.announce(number, howMany);
        return insist(() -> intake.take(number, announced)) ? announced : List.of();
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
        } catch (StoreUnavailableException
                | OutcomeUnknownException
                | BarrierInterruptedException
                | KeyConflictException e) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private void endOneBySpecialWays(TenantKeys tenant, long number, List<Integer> live) {
        Integer key = live.get(random.nextInt(live.size()));
        KeyId id = board.id(key);
        switch (turn % 5) {
            case 0 -> {
                end(Way.ROTATE_WITHOUT_OVERLAP, List.of(key), () -> rotate(tenant, number, id, Duration.ZERO, live));
                live.remove(key);
            }
            case 1 -> {
                insist(() -> rotate(tenant, number, id, OVERLAP, live));
                end(Way.END_ROTATION, List.of(key), () -> endRotation(tenant, id));
                live.remove(key);
            }
            case 2 -> {
                Secret secret = Secret.of(board.text(key));
                end(Way.REVOKE_BY_POSSESSION, List.of(key), () -> revokeByPossession(secret));
                live.remove(key);
            }
            default -> {}
        }
    }

    /** Where it was made before, and not answered, the successor's secret is lost; what is left is to make sure. */
    private void rotate(TenantKeys tenant, long number, KeyId id, Duration overlap, List<Integer> live) {
        long begun = System.nanoTime();
        try {
            live.add(intake.publish(tenant.rotate(id, overlap).successor(), number, begun));
        } catch (KeyConflictException e) {
            if (overlap.isZero()) {
                tenant.revoke(id, "rotated");
            }
        }
    }

    /** Where it was not rotated, since the run has ended meanwhile, it does not matter how it ends. */
    private static void endRotation(TenantKeys tenant, KeyId id) {
        try {
            tenant.completeRotation(id);
        } catch (KeyConflictException e) {
            tenant.revoke(id, "not rotated");
        }
    }

    private void revokeByPossession(Secret secret) {
        if (!keys.revokeByPossession(secret, "seen in public")) {
            throw new KeyNotFoundException();
        }
    }

    private void endTheRest(TenantKeys tenant, List<Integer> live) {
        List<Integer> rest = List.copyOf(live);
        List<KeyId> ids = rest.stream().map(board::id).toList();
        if (rest.isEmpty()) {
            return;
        }
        if (turn % 7 == 0) {
            end(Way.REVOKE_ALL, rest, () -> tenant.revokeAll("all"));
        } else if (rest.size() == 1) {
            end(Way.REVOKE, rest, () -> tenant.revoke(ids.get(0), "one"));
        } else {
            end(Way.REVOKE_MANY, rest, () -> tenant.revoke(ids, "many"));
        }
    }

    /**
     * A call that was not answered may have ended a key, and somebody may have purged it since. Then it is not there any more:
     * that is no promise to anybody, and not written down.
     */
    private void end(Way way, List<Integer> all, Runnable call) {
        all.forEach(key -> board.phase(key, Phase.ENDING));
        try {
            if (!insist(() -> endOnce(way, all, call))) {
                return;
            }
            board.countEnded(all.size());
        } catch (KeyNotFoundException e) {
            if (all.size() > 1) {
                // None of them was revoked, for the sake of one.
                all.forEach(this::endByItself);
                return;
            }
        }
        all.forEach(this::bury);
    }

    private void endOnce(Way way, List<Integer> all, Runnable call) {
        long begun = System.nanoTime();
        all.forEach(key -> journal.add(new Event(What.END_BEGUN, way.number(), node, key, begun, begun)));
        call.run();
        long returned = System.nanoTime();
        all.forEach(key -> journal.add(new Event(What.ENDED, way.number(), node, key, begun, returned)));
    }

    private void endByItself(int key) {
        TenantKeys tenant = intake.tenant(board.tenant(key));
        end(Way.REVOKE, List.of(key), () -> tenant.revoke(board.id(key), "by itself"));
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
            } catch (StoreUnavailableException | OutcomeUnknownException | BarrierInterruptedException e) {
                LockSupport.parkNanos(PAUSE);
            }
        }
        return false;
    }
}
