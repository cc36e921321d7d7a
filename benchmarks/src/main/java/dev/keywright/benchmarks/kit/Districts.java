package dev.keywright.benchmarks.kit;

import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Many districts with many keys: few of them have most of the keys and make most of the requests, and so it is with the keys of
 * each. The keys have numbers, those of a district one after the other. What is drawn comes from seeds, and so is always the same,
 * but for the texts and ids of keys. Immutable, and safe for use by many threads.
 */
public final class Districts {

    /** What is offered: the portal's four. */
    public static final ScopeCatalog OFFERED = ScopeCatalog.of("read:people", "list and get people")
            .and("write:people", "create and update people")
            .and("read:interviews", "list and get interviews")
            .and("write:interviews", "create and update interviews");

    /** Known to everybody, which does not matter: it guards keys that live as long as a run. */
    public static final Pepper PEPPER =
            Pepper.of("a pepper for runs, and of no other use".getBytes(StandardCharsets.US_ASCII));

    /** The scopes that there are, in the order in which they are asked for. */
    public static final List<Scope> SCOPES = List.of(
            Scope.of("read:people"),
            Scope.of("write:people"),
            Scope.of("read:interviews"),
            Scope.of("write:interviews"));

    /** As the advice is to grant what is needed alone, most keys may read one kind; hardly any may do everything. */
    private static final List<List<Integer>> GRANTED = List.of(
            List.of(0),
            List.of(0),
            List.of(0),
            List.of(0),
            List.of(2),
            List.of(2),
            List.of(0, 2),
            List.of(0, 1),
            List.of(0, 1, 2),
            List.of(0, 1, 2, 3));

    private static final List<String> NAMES = List.of(
            "Reporting Script",
            "HR system, nightly",
            "Badge printer",
            "Interview calendar sync",
            "Substitute teacher pool",
            "Payroll export (do not delete)",
            "Ms. Okafor's spreadsheet",
            "Data warehouse");

    private static final Job JOB = new Job("census");
    private static final int BATCH = KeyStore.MAX_KEYS_OF_A_WRITE;
    private static final int ONE_OF_SO_MANY_ENDS = 10;
    private static final long SEED = 20260301;

    private final int[] first;
    private final Zipf zipf;

    /** Told of each key that there is. */
    @FunctionalInterface
    public interface Census {

        /**
         * Takes a key down.
         *
         * @param number its number
         * @param issued the key
         */
        void count(int number, IssuedKey issued);
    }

    /**
     * Shares the keys out.
     *
     * @param count how many districts there are
     * @param keys how many keys they have in all; each of them has one
     */
    public Districts(int count, int keys) {
        if (count < 1 || keys < count) {
            throw new IllegalArgumentException("at least one district, and a key for each, are needed");
        }
        zipf = new Zipf(keys);
        first = new int[count + 1];
        double shared = 0;
        for (int district = 0; district < count; district++) {
            first[district] = district + (int) Math.round(shared * (keys - count));
            shared += zipf.share(district, count);
        }
        first[count] = keys;
    }

    /** {@return how many keys there are} */
    public int keys() {
        return first[first.length - 1];
    }

    /** {@return how many keys the largest district has} */
    public int largest() {
        return first[1];
    }

    /**
     * Says whose a key is.
     *
     * @param number the key's
     * @return the number of its district
     */
    public int districtOf(int number) {
        int low = 0;
        int high = first.length - 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (first[middle] <= number) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Names a district.
     *
     * @param district its number
     * @return its name
     */
    public static TenantId tenant(int district) {
        return TenantId.of("district-" + district);
    }

    /**
     * Draws a key that is used, or managed: first the district, and then one of its keys.
     *
     * @param random where the draw comes from
     * @return the key's number
     */
    public int draw(SplittableRandom random) {
        int district = zipf.draw(random, first.length - 1);
        return first[district] + zipf.draw(random, first[district + 1] - first[district]);
    }

    /**
     * Draws scopes as keys have them.
     *
     * @param random where the draw comes from
     * @return the scopes
     */
    public static Scopes scopes(SplittableRandom random) {
        return Scopes.of(GRANTED.get(random.nextInt(GRANTED.size())).stream()
                .map(scope -> SCOPES.get(scope).value())
                .toArray(String[]::new));
    }

    /**
     * Draws a name as people give it.
     *
     * @param random where the draw comes from
     * @return the name
     */
    public static String name(SplittableRandom random) {
        return NAMES.get(random.nextInt(NAMES.size())) + " " + random.nextInt(100);
    }

    /**
     * Puts all keys into a store, in an order that has nothing to do with whose they are. To issue each of them there would take a
     * commit for each: so they are issued in memory, and written a thousand at a time.
     *
     * @param store where to
     * @param now when they are issued
     * @param ends within how long a tenth of them end; the others have no end
     * @param census told of each
     */
    public void fill(KeyStore store, Instant now, Duration ends, Census census) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] order = shuffled(random);
        for (int from = 0; from < order.length; from += BATCH) {
            InMemoryKeyStore memory = new InMemoryKeyStore();
            List<ImportCandidate> rows = new ArrayList<>();
            try (ApiKeys keys = Keywright.builder()
                    .store(memory)
                    .scopes(OFFERED)
                    .pepper(PEPPER)
                    .clock(Clock.fixed(now, ZoneOffset.UTC))
                    .maintenanceScheduler(task -> {})
                    .build()) {
                for (int i = from; i < Math.min(from + BATCH, order.length); i++) {
                    TenantId tenant = tenant(districtOf(order[i]));
                    NewKey wanted = NewKey.named(name(random)).allowing(scopes(random));
                    IssuedKey issued = keys.operatedBy(JOB)
                            .keysOf(tenant)
                            .issue(
                                    random.nextInt(ONE_OF_SO_MANY_ENDS) == 0
                                            ? wanted.expiringAt(now.plusMillis(1 + random.nextLong(ends.toMillis())))
                                            : wanted);
                    KeyId id = issued.key().id();
                    rows.add(new ImportCandidate(memory.find(tenant, id).key().orElseThrow(), List.of()));
                    census.count(order[i], issued);
                }
            }
            store.insertAll(rows);
        }
    }

    private int[] shuffled(SplittableRandom random) {
        int[] order = IntStream.range(0, keys()).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int key = order[i];
            order[i] = order[other];
            order[other] = key;
        }
        return order;
    }
}
