package dev.keywright.benchmarks.week;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.StoreUnavailableException;
import dev.keywright.Verification;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.benchmarks.kit.Latencies;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that verifies keys, and looks at each answer whether it is the right one. */
final class Script {

    private static final int DRAWN = 1 << 18;

    /** One of so many verifications is of a key that was ended lately, so that each end is seen on each node. */
    private static final int LATELY = 200;

    /** One of so many asks for a scope that the key may not have. */
    private static final int ANY_SCOPE = 20;

    /** Who sleeps until a moment wakes up too late by as much as that; the rest is waited for by looking at the clock. */
    private static final long OVERSLEPT = 80_000;

    private final ApiKeys keys;
    private final Ledger ledger;
    private final WeekClock clock;
    private final int[] places = new int[DRAWN];
    private final byte[] room = new byte[64];
    private final Latencies times = new Latencies();
    private final SplittableRandom random;
    private int number;
    private long accepted;
    private long rejected;
    private long afterTheEnd;
    private long unsure;
    private long unanswered;
    private long wrong;
    private long left;

    Script(ApiKeys keys, Ledger ledger, WeekClock clock, Districts districts, SplittableRandom random) {
        this.keys = keys;
        this.ledger = ledger;
        this.clock = clock;
        this.random = random;
        this.number = random.nextInt(DRAWN);
        for (int i = 0; i < DRAWN; i++) {
            places[i] = districts.draw(random);
        }
    }

    /** Verifies the keys in so many places, one after the other, and leaves the others to others. */
    Figures eachOnce(int first, int step, int count) {
        long allocated = allocated();
        for (int place = first; place < count; place += step) {
            number++;
            verify(ledger.keyAt(place), System.nanoTime());
        }
        return figures(allocated() - allocated);
    }

    /**
     * Goes on at full speed; each time that it has verified so many, it waits until somebody has begun to manage one. It ends at a moment, but
     * not before all has been managed that can be. */
    Figures atFullSpeed(long end, int verificationsToOneCall, @Nullable Clerks clerks) throws InterruptedException {
        long allocated = allocated();
        while (System.nanoTime() < end || (clerks != null && !clerks.haveBegunAll())) {
            for (int i = 0; i < verificationsToOneCall; i++) {
                verify(next(), System.nanoTime());
            }
            if (clerks != null) {
                clerks.ask();
            }
        }
        return figures(allocated() - allocated);
    }

    /**
     * Verifies when it is due, by chance, and takes each time from when it was due: so whoever is kept waiting by what came before
     * is counted as such. What cannot be done in half as much time again is left.
     */
    Figures whenDue(long begin, long end, double mean) {
        long allocated = allocated();
        long latest = end + (end - begin) / 2;
        double due = begin;
        while (true) {
            due -= mean * Math.log(1 - random.nextDouble());
            if (due >= end) {
                return figures(allocated() - allocated);
            }
            if (System.nanoTime() > latest) {
                left++;
            } else {
                await((long) due);
                verify(next(), (long) due);
            }
        }
    }

    static void await(long due) {
        for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
            if (ahead > OVERSLEPT) {
                LockSupport.parkNanos(ahead - OVERSLEPT);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private int next() {
        number++;
        return number % LATELY == 0 ? ledger.lately(number / LATELY) : ledger.keyAt(places[number & (DRAWN - 1)]);
    }

    private void verify(int key, long since) {
        long before = ledger.state(key);
        long ends = ledger.ends(key);
        long earliest = ends == Ledger.NEVER ? 0 : clock.millis();
        int scope = scope(before);
        String text = ledger.text(key, room);
        Verification answer;
        try {
            answer = keys.verify(text, Districts.SCOPES.get(scope));
        } catch (StoreUnavailableException e) {
            unanswered++;
            return;
        }
        times.add(System.nanoTime() - since);
        long latest = ends == Ledger.NEVER ? 0 : clock.millis();
        count(answer);
        boolean expired = earliest >= ends;
        if (ledger.state(key) != before || Ledger.phase(before) == Ledger.CHANGING || expired != latest >= ends) {
            unsure++;
        } else if (reason(answer) != due(before, expired, scope)) {
            wrong++;
        }
    }

    private int scope(long state) {
        int scope = number & 3;
        if (number % ANY_SCOPE != 0) {
            while (!Ledger.has(state, scope)) {
                scope = scope + 1 & 3;
            }
        }
        return scope;
    }

    private void count(Verification answer) {
        Rejected.@Nullable Reason reason = reason(answer);
        if (reason == null) {
            accepted++;
        } else {
            rejected++;
            if (reason == Rejected.Reason.REVOKED || reason == Rejected.Reason.EXPIRED) {
                afterTheEnd++;
            }
        }
    }

    private static Rejected.@Nullable Reason reason(Verification answer) {
        return answer instanceof Rejected no ? no.reason() : null;
    }

    /** {@return for what a key must be rejected; null where it must be accepted} */
    private static Rejected.@Nullable Reason due(long state, boolean expired, int scope) {
        if (Ledger.phase(state) == Ledger.REVOKED) {
            return Rejected.Reason.REVOKED;
        }
        if (expired) {
            return Rejected.Reason.EXPIRED;
        }
        return Ledger.has(state, scope) ? null : Rejected.Reason.MISSING_SCOPE;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private Figures figures(long allocated) {
        return new Figures()
                .times("verify", times)
                .count("allocated", allocated)
                .count("accepted", accepted)
                .count("rejected", rejected)
                .count("after-the-end", afterTheEnd)
                .count("unsure", unsure)
                .count("unanswered", unanswered)
                .count("wrong", wrong)
                .count("left", left);
    }
}
