package dev.keywright.benchmarks.week;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyConflictException;
import dev.keywright.KeywrightException;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.benchmarks.kit.Latencies;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Those who manage keys, at the settings page of their district. Whatever they do there, they see the list before and after it, which
 * makes two lists for each change; as many keys are revoked as issued, so that there remain as many; few are renamed, re-scoped or
 * rotated. Safe for use by many threads.
 */
final class Clerks {

    private static final Duration OVERLAP = Duration.ofDays(1);
    private static final int ATTEMPTS = 100;
    private static final int PAGE = 100;
    private static final int MINUTES_TO_FINISH = 2;
    private static final int SHORT_LIVED = 10;
    private static final int HUNDRED = 100;

    /** What they do, and how often of a hundred times. */
    enum Deed {
        LIST(66),
        ISSUE(12),
        REVOKE(12),
        CHANGE(6),
        ROTATE(4);

        private final int share;

        Deed(int share) {
            this.share = share;
        }

        /** So that all come as often as they should in any dozen or two: the next is the one that is most overdue. */
        static final List<Deed> OF_A_HUNDRED = hundred();

        private static List<Deed> hundred() {
            List<Deed> all = new ArrayList<>();
            Map<Deed, Integer> done = new EnumMap<>(Deed.class);
            while (all.size() < HUNDRED) {
                int now = all.size() + 1;
                Deed next = Collections.max(
                        List.of(values()),
                        Comparator.comparingInt(deed -> deed.share * now - HUNDRED * done.getOrDefault(deed, 0)));
                done.merge(next, 1, Integer::sum);
                all.add(next);
            }
            return List.copyOf(all);
        }
    }

    private final ApiKeys keys;
    private final Ledger ledger;
    private final Districts districts;
    private final SplittableRandom seeds;
    private final ExecutorService threads;
    private final Semaphore idle;

    /** Whose key was revoked, and who will get another one. */
    private final Queue<Integer> vacant;

    private final Map<Deed, Latencies> times = new EnumMap<>(Deed.class);
    private final AtomicInteger deeds = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    Clerks(
            ApiKeys keys,
            Ledger ledger,
            Districts districts,
            Queue<Integer> vacant,
            int howMany,
            SplittableRandom seeds) {
        this.keys = keys;
        this.ledger = ledger;
        this.districts = districts;
        this.vacant = vacant;
        this.seeds = seeds;
        this.threads = Executors.newFixedThreadPool(howMany);
        this.idle = new Semaphore(howMany);
        for (Deed deed : Deed.values()) {
            times.put(deed, new Latencies());
        }
    }

    /** Whether all that they do has been begun at least once. */
    boolean haveBegunAll() {
        return deeds.get() > Deed.OF_A_HUNDRED.indexOf(Deed.ROTATE);
    }

    /** Has one of them begin at once; waits where all are busy. */
    void ask() throws InterruptedException {
        idle.acquire();
        SplittableRandom random = split();
        threads.execute(() -> {
            try {
                act(System.nanoTime(), random);
            } finally {
                idle.release();
            }
        });
    }

    /** Has one of them do what is due, when there is somebody for it. */
    void ask(long due) {
        SplittableRandom random = split();
        threads.execute(() -> act(due, random));
    }

    private synchronized SplittableRandom split() {
        return seeds.split();
    }

    /** {@return what they did, when they are done} */
    Figures finish() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(MINUTES_TO_FINISH, TimeUnit.MINUTES)) {
            throw new IllegalStateException("what was to be managed was not, in minutes");
        }
        Figures figures = new Figures()
                .count("refused", refused.sum())
                .count("unanswered", unanswered.sum())
                .count("wrong", wrong.sum());
        times.forEach((deed, taken) ->
                figures.times(deed.name(), taken).times("manage", taken).count("managed", taken.count()));
        return figures;
    }

    private void act(long since, SplittableRandom random) {
        Deed deed = Deed.OF_A_HUNDRED.get(Math.floorMod(deeds.getAndIncrement(), HUNDRED));
        try {
            boolean done = switch (deed) {
                case LIST -> list(random);
                case ISSUE -> issue(random);
                case REVOKE, CHANGE, ROTATE -> withAKey(deed, random);
            };
            if (done) {
                Objects.requireNonNull(times.get(deed)).add(System.nanoTime() - since);
            } else {
                refused.increment();
            }
        } catch (KeywrightException e) {
            // What has become of the key is not known: it stays in doubt, and is verified no more.
            unanswered.increment();
        } catch (RuntimeException e) {
            wrong.increment();
            e.printStackTrace();
        }
    }

    private TenantKeys page(int district) {
        return keys.managedBy(ManagementSession.of(Districts.tenant(district), UserId.of("ada"))
                .withRoles("Admin"));
    }

    private boolean list(SplittableRandom random) {
        page(districts.districtOf(districts.draw(random)))
                .list(KeyQuery.active().limit(PAGE));
        return true;
    }

    private boolean issue(SplittableRandom random) {
        Integer free = vacant.poll();
        int place = free == null ? districts.draw(random) : free;
        int district = districts.districtOf(place);
        NewKey wanted = NewKey.named(Districts.name(random)).allowing(Districts.scopes(random));
        IssuedKey issued = page(district)
                .issue(random.nextInt(SHORT_LIVED) == 0 ? wanted.expiringAfter(Duration.ofDays(2)) : wanted);
        ledger.add(place, district, issued);
        return true;
    }

    private boolean withAKey(Deed deed, SplittableRandom random) {
        for (int i = 0; i < ATTEMPTS; i++) {
            int place = districts.draw(random);
            int key = ledger.keyAt(place);
            if (ledger.take(key)) {
                try {
                    change(deed, place, key, random);
                    return true;
                } catch (KeyConflictException e) {
                    // It has ended by itself, or is being rotated: so another one.
                    ledger.giveBack(key);
                }
            }
        }
        return false;
    }

    private void change(Deed deed, int place, int key, SplittableRandom random) {
        TenantKeys page = page(ledger.district(key));
        switch (deed) {
            case REVOKE -> {
                ledger.is(key, Ledger.REVOKED, page.revoke(ledger.id(key), "no longer used"));
                ledger.rememberLately(key);
                vacant.add(place);
                if (keys.verify(ledger.text(key, new byte[64])) instanceof Verified) {
                    wrong.increment();
                }
            }
            case ROTATE -> {
                Rotation rotation = page.rotate(ledger.id(key), OVERLAP);
                ledger.is(key, Ledger.LIVE, rotation.predecessor());
                ledger.rememberLately(key);
                ledger.add(place, ledger.district(key), rotation.successor());
            }
            default -> {
                ApiKey before = page.get(ledger.id(key));
                KeyChange change = KeyChange.ifVersion(before.version());
                ApiKey after = page.change(
                        before.id(),
                        random.nextBoolean()
                                ? change.rename(Districts.name(random))
                                : change.rescope(Districts.scopes(random)));
                ledger.is(key, Ledger.LIVE, after);
            }
        }
    }
}
