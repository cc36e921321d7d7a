package dev.keywright.benchmarks.life;

import dev.keywright.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** All that was done to the keys of one tenant together. Safe for use by many threads. */
final class TenantHistory {

    private final Model model;
    private final TenantId id;
    private final List<KeyHistory> keys = new ArrayList<>();
    private final List<KeyHistory> alive = new ArrayList<>();
    private final List<RevokeAll> revokeAlls = new ArrayList<>();

    TenantHistory(Model model, TenantId id) {
        this.model = model;
        this.id = id;
    }

    TenantId id() {
        return id;
    }

    /** {@return all keys that there ever were, those that were answered earlier first} */
    synchronized List<KeyHistory> keys() {
        return List.copyOf(keys);
    }

    /** {@return up to four of them, in whatever state} */
    synchronized List<KeyHistory> some(SplittableRandom random) {
        int from = random.nextInt(keys.size());
        int to = Math.min(keys.size(), from + 1 + random.nextInt(4));
        return List.copyOf(keys.subList(from, to));
    }

    /**
     * Adds a key that was answered.
     *
     * @param key the key
     * @return the attempts at it of those that have revoked all since it was asked for: they may have reached it or not,
     *     and somebody has to look
     */
    synchronized List<Attempt> add(KeyHistory key) {
        List<Attempt> over = new ArrayList<>();
        for (RevokeAll revokeAll : revokeAlls) {
            if (revokeAll.ended() == Long.MAX_VALUE) {
                revokeAll.reach(key);
            } else if (revokeAll.ended() > key.bornFrom()) {
                over.add(key.begin(revokeAll.deed(), revokeAll.begun(), revokeAll.from()));
            }
        }
        keys.add(key);
        alive.add(key);
        return over;
    }

    /** Notes that somebody is about to revoke all. */
    synchronized RevokeAll begin(Deed.Revoke deed) {
        alive.removeIf(KeyHistory::isKnownDead);
        RevokeAll revokeAll = new RevokeAll(deed, model.tick(), model.now());
        alive.forEach(revokeAll::reach);
        revokeAlls.add(revokeAll);
        return revokeAll;
    }

    /**
     * Notes that they have.
     *
     * @param revokeAll what was begun
     * @param changed how many keys they were told to have revoked
     * @return the attempts at each of the keys
     */
    synchronized Map<KeyHistory, Attempt> end(RevokeAll revokeAll, long changed) {
        revokeAll.end(model.tick(), changed);
        Map<KeyHistory, Attempt> attempts = revokeAll.attempts();
        attempts.keySet().stream()
                .filter(key -> key.bornTo() < revokeAll.begun())
                .forEach(KeyHistory::isDead);
        return attempts;
    }

    /**
     * Compares, when all is over, what was revoked by whom. Whatever was there before a revocation of all is dead:
     *
     * <ol>
     *   <li>a key that had been answered before it was begun;
     *   <li>a successor of a key that was there before, since such a key could not have been rotated afterwards;
     *   <li>a key that had been answered before another one was asked for, which it revoked.
     * </ol>
     */
    synchronized void audit() {
        for (RevokeAll revokeAll : revokeAlls) {
            List<KeyHistory> revoked = keys.stream()
                    .filter(key -> revokeAll.deed().made(key.latest()))
                    .toList();
            model.tally().check();
            if (revoked.size() != revokeAll.changed()) {
                model.faults().add(revokeAll + ", but it has revoked " + revoked.size());
            }
            long lastBirth =
                    revoked.stream().mapToLong(KeyHistory::bornFrom).max().orElse(0);
            Set<KeyHistory> before = new HashSet<>();
            for (KeyHistory key : keys) {
                Optional<KeyHistory> predecessor = key.predecessor();
                if (key.bornTo() < Math.max(revokeAll.begun(), lastBirth)
                        || predecessor.filter(before::contains).isPresent()) {
                    before.add(key);
                    audit(key, revokeAll);
                }
            }
        }
    }

    private void audit(KeyHistory key, RevokeAll revokeAll) {
        model.tally().check();
        if (key.revokedBy()
                .filter(attempt -> attempt.begun() < revokeAll.ended())
                .isEmpty()) {
            key.fault(revokeAll + " has missed a key");
        }
    }
}
