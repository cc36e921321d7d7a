package dev.keywright.benchmarks.life;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The keys that are in use, each in a place that belongs to a tenant, and those that were in use until lately. Half of the
 * time a key is taken from a few neighbouring places, which wander, among all or among those of small tenants: so many meet
 * at one key, or at one tenant. Safe for use by many
 * threads.
 */
final class KeyRing {

    private static final int HOT = 12;
    private static final int TICKS_A_PLACE = 128;
    private static final int FORMER = 64;

    private final Model model;
    private final AtomicReferenceArray<KeyHistory> places;
    private final AtomicReferenceArray<KeyHistory> former = new AtomicReferenceArray<>(FORMER);
    private final AtomicInteger nextFormer = new AtomicInteger();

    KeyRing(Model model, int places) {
        this.model = model;
        this.places = new AtomicReferenceArray<>(places);
    }

    int size() {
        return places.length();
    }

    /**
     * {@return whose key is in a place: the first tenth of them are of many small tenants, one after another, the rest of a
     * few large ones}
     */
    TenantHistory tenant(int place) {
        int small = Run.SMALL_TENANTS;
        int number = place < ofSmallTenants()
                ? place * small / ofSmallTenants()
                : small + place % (model.tenants().size() - small);
        return model.tenants().get(number);
    }

    /** {@return a place, which is rather often one of those that others are given now} */
    int any(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> wandering(random, size());
            case 1 -> wandering(random, ofSmallTenants());
            default -> random.nextInt(size());
        };
    }

    private int wandering(SplittableRandom random, int places) {
        return (int) ((model.ticks() / TICKS_A_PLACE + random.nextInt(HOT)) % places);
    }

    private int ofSmallTenants() {
        return size() / 10;
    }

    KeyHistory in(int place) {
        return places.get(place);
    }

    /** Puts a first key into a place. */
    void put(int place, KeyHistory key) {
        places.set(place, key);
        former.compareAndSet(place % FORMER, null, key);
    }

    /** Puts a key into the place of another one, unless somebody has done so before. */
    void replace(int place, KeyHistory old, KeyHistory key) {
        if (places.compareAndSet(place, old, key)) {
            former.set(Math.floorMod(nextFormer.getAndIncrement(), FORMER), old);
        }
    }

    /** {@return a key that was in use until lately} */
    KeyHistory former(SplittableRandom random) {
        return former.get(random.nextInt(FORMER));
    }
}
