package dev.keywright.benchmarks.life;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** What is known of all keys. Safe for use by many threads. */
final class Model {

    private final Clock clock;
    private final Tally tally = new Tally();
    private final Faults faults = new Faults();
    private final AtomicLong ticks = new AtomicLong();
    private final List<TenantHistory> tenants;
    private final Map<KeyId, KeyHistory> keys = new ConcurrentHashMap<>();
    private final Queue<ApiKey> strangers = new ConcurrentLinkedQueue<>();

    Model(Clock clock, int tenants) {
        this.clock = clock;
        this.tenants = IntStream.range(0, tenants)
                .mapToObj(number -> new TenantHistory(this, TenantId.of("tenant-" + number)))
                .toList();
    }

    /** {@return the next number: whatever has a lower one was begun or had ended before} */
    long tick() {
        return ticks.incrementAndGet();
    }

    /** {@return how many numbers there have been} */
    long ticks() {
        return ticks.get();
    }

    Instant now() {
        return clock.instant();
    }

    Tally tally() {
        return tally;
    }

    Faults faults() {
        return faults;
    }

    List<TenantHistory> tenants() {
        return tenants;
    }

    Collection<KeyHistory> keys() {
        return keys.values();
    }

    Optional<KeyHistory> find(KeyId id) {
        return Optional.ofNullable(keys.get(id));
    }

    void add(KeyHistory key) {
        tally.check();
        if (keys.putIfAbsent(key.first().id(), key) != null) {
            key.fault("two keys have one id");
        }
    }

    /** Notes that somebody was shown a key which nobody has been answered yet. */
    void sawStranger(ApiKey row) {
        strangers.add(row);
    }

    /** Compares, when all is over, what those were. */
    void auditStrangers() {
        for (ApiKey row : strangers) {
            tally.check();
            find(row.id())
                    .ifPresentOrElse(
                            key -> key.saw(key.birth(), row, "a list"),
                            () -> faults.add("nobody was given the key that was listed as " + row));
        }
    }
}
