package dev.keywright.core;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.cache.CacheRuntime;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.format.ImportFormats;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.format.RandomText;
import dev.keywright.core.lookup.CoarseClock;
import dev.keywright.core.lookup.DefaultKeyVerifier;
import dev.keywright.core.lookup.LookupLimiter;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.core.management.CursorCodec;
import dev.keywright.core.management.DefaultApiKeys;
import dev.keywright.core.management.IssuePolicy;
import dev.keywright.core.management.Maintenance;
import dev.keywright.core.management.Means;
import dev.keywright.core.management.PepperCheck;
import dev.keywright.core.management.RevocationBarrier;
import dev.keywright.core.usage.NoUsageStore;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.UsageStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@link ApiKeys} together.
 *
 * <pre>{@code
 * ApiKeys keys = Keywright.using(store).offering(scopes).pepper(pepper).build();
 * }</pre>
 *
 * <p>The store, the scopes and the pepper must be said; the rest has a default. Not safe for many threads; what it builds
 * is.
 */
public final class Keywright {

    private static final String ADMIN = "Admin";
    private static final String SETTINGS = "Settings";

    private static final int DEFAULT_MAX_ACTIVE_KEYS = 1000;

    private static final int MOST_CACHED = 10_000_000;

    /** Of what a cache cannot answer: more than a pool has connections, and fewer than a host has threads. */
    private static final int LOOK_UPS_AT_ONCE = 64;

    private static final Duration PATIENCE_OF_LOOK_UPS = Duration.ofSeconds(1);

    private static final Duration LONGEST_LIFETIME = Duration.ofDays(365 * 100);

    private final KeyStore store;
    private @Nullable ScopeCatalog offered;
    private @Nullable PepperSet peppers;
    private final Set<String> abandoned = new HashSet<>();
    private ImportFormats formats = ImportFormats.NONE;
    private Predicate<ManagementSession> mayManage =
            session -> session.roles().contains(ADMIN) || session.permissions().contains(SETTINGS);
    private BiPredicate<ManagementSession, Scope> mayGrant = (session, scope) -> true;
    private int maxActiveKeys = DEFAULT_MAX_ACTIVE_KEYS;
    private int mostCached;
    private @Nullable Duration defaultLifetime;
    private @Nullable Duration maxLifetime;
    private Duration warning = Duration.ofDays(7);
    private final List<KeyListener> listeners = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private @Nullable SecureRandom random;
    private @Nullable Consumer<Runnable> schedule;
    private MonotonicTime monotonicTime = MonotonicTime.SYSTEM;

    private Keywright(KeyStore store) {
        this.store = store;
    }

    /**
     * Begins with the store.
     *
     * @param store where the keys are kept
     * @return what says the rest
     */
    public static Keywright using(KeyStore store) {
        return new Keywright(Objects.requireNonNull(store));
    }

    /**
     * Says which scopes keys can be issued with. A key that has a scope which is no longer offered keeps it.
     *
     * @param scopes the catalog
     * @return this
     */
    public Keywright scopes(ScopeCatalog scopes) {
        this.offered = Objects.requireNonNull(scopes);
        return this;
    }

    /**
     * Says what digests are made with: keys are issued under the first pepper, and verified under all of them. A key stays
     * with the pepper it was issued under for as long as it lives; rotation moves its users to a key under the present one.
     *
     * <p>A fleet changes its pepper in three steps, each on every node before the next: accept the new one; issue under it,
     * and accept the old one; and, once {@link dev.keywright.management.KeyOperations#pepperUsage} says that nothing hangs on the old one,
     * leave it out.
     *
     * @param issuing the pepper to issue keys under; {@link Pepper#none()} is a choice, too
     * @param accepted further ones, under which keys are verified only: older ones, or one that is yet to be issued under
     * @return this
     */
    public Keywright pepper(Pepper issuing, Pepper... accepted) {
        this.peppers = new PepperSet(Objects.requireNonNull(issuing), List.of(accepted));
        return this;
    }

    /**
     * Gives up peppers that are lost or were left out: active keys that were issued under them no longer keep {@link #build} from starting.
     * They are refused as malformed, and can still be listed and revoked. Imports that were made under such a pepper are not
     * recognised any more: repeated, they would bring keys back to life that were revoked since.
     *
     * @param pepperIds the ids of the peppers, as the refusal to start names them
     * @return this
     */
    public Keywright retiredPepper(String... pepperIds) {
        this.abandoned.addAll(Arrays.asList(pepperIds));
        return this;
    }

    /**
     * Says who may manage keys. By default it takes the role {@code Admin} or the permission {@code Settings}.
     *
     * @param rule whether a session may manage the keys of its tenant; asked each time, by many threads
     * @return this
     */
    public Keywright managementPolicy(Predicate<ManagementSession> rule) {
        this.mayManage = Objects.requireNonNull(rule);
        return this;
    }

    /**
     * Says which scopes a session may hand out: by default, whoever may manage keys may hand out all that are offered. It
     * is asked for each scope of a key that is issued or rotated, and for each that a key is given in addition. A job may
     * hand out what is offered.
     *
     * @param rule whether a session may hand out a scope, for example because its user may do as much; asked each time, by
     *     many threads
     * @return this
     */
    public Keywright grantPolicy(BiPredicate<ManagementSession, Scope> rule) {
        this.mayGrant = Objects.requireNonNull(rule);
        return this;
    }

    /**
     * Sets the maximum number of active keys of a tenant; 1,000 by default. The limit is exact under concurrent issuing. An old
     * key within the overlap of its rotation is not counted, and imports are not limited.
     *
     * @param keys the maximum, at least 1; {@link Integer#MAX_VALUE} for no limit
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public Keywright maxActiveKeys(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("mostActiveKeys must be at least 1, was " + keys);
        }
        this.maxActiveKeys = keys;
        return this;
    }

    /**
     * Remembers keys that were verified, so that most verifications are answered without the store; by default, each is a
     * look-up. <b>Revocation is immediate all the same, on every node</b>: whoever revokes waits a little longer than any node
     * may answer without having asked what was written ({@link dev.keywright.management.TenantKeys#revoke}), a third of a second.
     *
     * <p>Once a node of a store caches, all writers of that store wait, with a cache or without. The node asks twelve times a
     * second what was written, on a connection that it keeps for that: a pool needs one more. Where it cannot ask, each
     * verification is a look-up until it can; some wait for their turn then, and fail if it does not come.
     *
     * @param mostKeys how many keys are remembered at most, from 1 to 10 million; those used least lately go first. Each takes
     *     about a kilobyte
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public Keywright cache(int mostKeys) {
        if (mostKeys < 1 || mostKeys > MOST_CACHED) {
            throw new IllegalArgumentException("a cache has room for 1 to " + MOST_CACHED + " keys, not " + mostKeys);
        }
        this.mostCached = mostKeys;
        return this;
    }

    /**
     * Says how long a key lives where nobody says when it ends: for ever by default, or as long as the {@linkplain
     * #maxLifetime longest lifetime} allows.
     *
     * @param lifetime from a millisecond to 100 years
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public Keywright defaultLifetime(Duration lifetime) {
        this.defaultLifetime = checked(lifetime);
        return this;
    }

    /**
     * Says how long a key may live at most: for ever by default. Keys that are there already keep their end.
     *
     * @param lifetime from a millisecond to 100 years
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public Keywright maxLifetime(Duration lifetime) {
        this.maxLifetime = checked(lifetime);
        return this;
    }

    private static Duration checked(Duration lifetime) {
        if (lifetime.compareTo(Duration.ofMillis(1)) < 0 || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("a lifetime is at least a millisecond, and at most 100 years");
        }
        return lifetime;
    }

    /**
     * Accepts keys that another system issued, once they are {@linkplain dev.keywright.management.KeyOperations#importKeys imported}. They
     * have no check characters of ours, so each made-up text of their form costs a look-up.
     *
     * @param format the format of their texts; called again, this adds another one, also with the same prefix
     * @return this
     * @throws IllegalArgumentException if a text of the format can have the shape of a key that is issued here, {@code ck_}
     *     and 32 characters out of {@code 0-9a-z}; or if another format has the same prefix, and another digest
     */
    public Keywright importFormat(ImportFormat format) {
        if (format.overlapsIssuedKeys()) {
            throw new IllegalArgumentException("an import format must not have the shape of keys that are issued here, "
                    + KeyText.PREFIX + " and 32 characters out of 0-9a-z; those from before Keywright are accepted by"
                    + " acceptingUnchecked(…)");
        }
        this.formats = formats.and(format);
        return this;
    }

    /**
     * Accepts keys of our own form, {@code ck_} and 32 characters out of {@code 0-9a-z}, from before Keywright, once they
     * are imported. They have no check characters. This <b>costs the protection against floods</b>: each made-up key costs
     * a look-up. {@link dev.keywright.management.KeyOperations#pepperUsage} says when none is left, so that this can be taken out again.
     *
     * @param digest how they were digested
     * @return this
     * @throws IllegalArgumentException if an import format with the prefix {@code ck_} has another digest
     */
    public Keywright importUnchecked(ImportDigest digest) {
        this.formats = formats.and(ImportFormat.prefix(KeyText.PREFIX)
                .alphabet(RandomText.ALPHABET)
                .length(KeyText.DRAWN + KeyText.HINT)
                .digestOfText(digest));
        return this;
    }

    /**
     * Adds somebody who is told what happens to keys.
     *
     * @param listener who; called by a thread of its own
     * @return this
     */
    public Keywright listener(KeyListener listener) {
        this.listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /**
     * Says how long before its end listeners are told that a key will end: 7 days by default. One of all the nodes that
     * share a store tells: so give all of them the same listeners.
     *
     * @param time from a millisecond to 100 years
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public Keywright expiryWarning(Duration time) {
        this.warning = checked(time);
        return this;
    }

    /**
     * Says by which clock keys are dated and expire: the system's by default.
     *
     * @param clock the clock
     * @return this
     */
    public Keywright clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock);
        return this;
    }

    /**
     * Says what keys are drawn from: a new {@link SecureRandom} by default.
     *
     * @param random the source of randomness
     * @return this
     */
    public Keywright random(SecureRandom random) {
        this.random = Objects.requireNonNull(random);
        return this;
    }

    /**
     * Says what calls the housekeeping, in which uses are written down, and listeners told which keys end soon. By default a
     * daemon thread does so every minute. What was gathered since the last time is lost when the process is killed.
     *
     * <pre>{@code
     * keywright.housekeeping(task -> scheduler.scheduleWithFixedDelay(task, 1, 1, TimeUnit.MINUTES))
     * }</pre>
     *
     * @param schedule is given the task once, in {@link #build}; it never throws, may be called by any thread, and does
     *     nothing any more once the keys are closed
     * @return this
     */
    public Keywright maintenanceScheduler(Consumer<Runnable> schedule) {
        this.schedule = Objects.requireNonNull(schedule);
        return this;
    }

    /** Says what leases and intervals are measured by; the system's by default. */
    public Keywright monotonicTime(MonotonicTime monotonic) {
        this.monotonicTime = monotonic;
        return this;
    }

    /**
     * Makes sure that no active key hangs on a pepper that was not given, and builds.
     *
     * @return the API keys in the store
     * @throws IllegalStateException if the scopes or the pepper were not said, if the normal lifetime is longer than the
     *     longest, or if there are active keys whose pepper is missing and not {@linkplain #retiredPepper abandoned}: each of
     *     them would be refused as malformed
     * @throws StoreUnavailableException if the store cannot answer
     */
    public ApiKeys build() {
        if (offered == null) {
            throw new IllegalStateException("say which scopes are offered: offering(ScopeCatalog.of(…))");
        }
        if (peppers == null) {
            throw new IllegalStateException("say which pepper digests are made with: pepper(Pepper.of(…)), or none()");
        }
        if (defaultLifetime != null && maxLifetime != null && defaultLifetime.compareTo(maxLifetime) > 0) {
            throw new IllegalStateException("the normal lifetime of keys is longer than the longest");
        }
        new PepperCheck(peppers, formats, abandoned).check(store.originsInUse(clock.instant()));
        return build(new IssuePolicy(offered, maxActiveKeys, defaultLifetime, maxLifetime), peppers);
    }

    private ApiKeys build(IssuePolicy policy, PepperSet live) {
        SecureRandom source = random == null ? new SecureRandom() : random;
        EventPublisher events = new EventPublisher(listeners, monotonicTime);
        UsageStore usageStore = store.usageStore().orElseGet(NoUsageStore::new);
        UsageBuffer uses = new UsageBuffer(usageStore, mostCached);
        StoreKeyFinder lookUp = new StoreKeyFinder(store::findByDigest, store::find, live, formats);
        CoarseClock useTime = new CoarseClock(clock);
        CacheRuntime cache = mostCached == 0 ? null : cache(live, source, useTime);
        Means means = new Means(
                store,
                policy,
                lookUp,
                new KeyGenerator(live.issuing(), source),
                new CursorCodec(live, source),
                clock,
                new RevocationBarrier(monotonicTime, events),
                events,
                uses);
        Maintenance housekeeping = new Maintenance(usageStore, clock, warning, uses, events);
        housekeeping.start(schedule);
        if (cache != null) {
            cache.start();
        }
        DefaultKeyVerifier verifier =
                new DefaultKeyVerifier(lookUp, cache == null ? lookUp : cache.keyFinder(), useTime, uses, events);
        return new DefaultApiKeys(verifier, mayManage, mayGrant, means, housekeeping, cache);
    }

    private CacheRuntime cache(PepperSet live, SecureRandom source, CoarseClock useTime) {
        LookupLimiter gate = new LookupLimiter(LOOK_UPS_AT_ONCE, PATIENCE_OF_LOOK_UPS);
        StoreKeyFinder gated = new StoreKeyFinder(
                digest -> gate.pass(() -> store.findByDigest(digest)),
                (tenant, id) -> gate.pass(() -> store.find(tenant, id)),
                live,
                formats);
        return CacheRuntime.of(mostCached, gated, store, monotonicTime, useTime, source);
    }
}
