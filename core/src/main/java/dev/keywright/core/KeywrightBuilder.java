package dev.keywright.core;

import dev.keywright.ApiKeys;
import dev.keywright.KeyOwner;
import dev.keywright.KeyVerifier;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.core.cache.CacheRuntime;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.format.RandomText;
import dev.keywright.core.lookup.CoarseClock;
import dev.keywright.core.lookup.DefaultKeyVerifier;
import dev.keywright.core.lookup.LookupLimiter;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.core.management.CursorCodec;
import dev.keywright.core.management.DefaultApiKeys;
import dev.keywright.core.management.IssuePolicy;
import dev.keywright.core.management.KeyReader;
import dev.keywright.core.management.Maintenance;
import dev.keywright.core.management.ManagementFactory;
import dev.keywright.core.management.OwnKeyLimits;
import dev.keywright.core.management.PepperCheck;
import dev.keywright.core.management.SessionPolicies;
import dev.keywright.core.management.WriteCoordinator;
import dev.keywright.core.usage.NoUsageStore;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.UsageStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builder of {@link ApiKeys}, after its {@linkplain Keywright required options}. Not thread-safe; the built {@code ApiKeys} is. */
public final class KeywrightBuilder {

    private static final String ADMIN = "Admin";
    private static final String SETTINGS = "Settings";

    private static final int DEFAULT_MAX_ACTIVE_KEYS = 1000;

    private static final int MAX_CACHED_KEYS = 10_000_000;

    /** For lookups that a cache cannot answer: more than a pool has connections, and fewer than a host has threads. */
    private static final int MAX_CONCURRENT_LOOKUPS = 64;

    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(1);

    private static final int MAX_EXPIRY_WARNINGS = 10;

    private static final Duration MAX_LIFETIME = Duration.ofDays(365 * 100);

    private final KeyStore store;
    private final ScopeCatalog scopes;
    private final PepperSet peppers;
    private final Set<PepperId> retired = new HashSet<>();
    private KeyTextFormats formats = KeyTextFormats.of(List.of(KeyFormat.DEFAULT.textFormat()));
    private ImportTextFormats importFormats = ImportTextFormats.NONE;
    private Predicate<ManagementSession> managementPolicy =
            session -> session.roles().contains(ADMIN) || session.permissions().contains(SETTINGS);
    private BiPredicate<ManagementSession, Scope> grantPolicy = (session, scope) -> true;
    private BiPredicate<ManagementSession, KeyOwner> ownerPolicy = (session, owner) -> true;
    private @Nullable OwnKeyPolicy ownKeys;
    private int maxActiveKeys = DEFAULT_MAX_ACTIVE_KEYS;
    private int maxCachedKeys;
    private @Nullable Duration defaultLifetime;
    private @Nullable Duration maxLifetime;
    private Set<Duration> expiryWarnings = Set.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(1));
    private final List<KeyListener> listeners = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private @Nullable SecureRandom random;
    private @Nullable Consumer<Runnable> scheduler;
    private MonotonicTime monotonicTime = MonotonicTime.SYSTEM;

    KeywrightBuilder(KeyStore store, ScopeCatalog scopes, PepperSet peppers) {
        this.store = store;
        this.scopes = scopes;
        this.peppers = peppers;
    }

    /**
     * Retires a pepper that is lost or no longer configured: active keys that were issued under it no longer make {@link #build}
     * fail. They are rejected as malformed, and can still be listed and revoked. Imports under such a pepper are not recognized any
     * more: repeated, they would bring back keys that have been revoked since.
     *
     * @param pepper the id of the pepper, as the exception of {@link #build} names it; call again for another one
     * @return this builder
     */
    public KeywrightBuilder retiredPepper(PepperId pepper) {
        retired.add(Objects.requireNonNull(pepper));
        return this;
    }

    /**
     * Sets which sessions may manage the keys of their tenant. Default: the role {@code Admin} or the permission {@code Settings}.
     *
     * @param policy whether a session may manage keys; evaluated for each call, by many threads
     * @return this builder
     */
    public KeywrightBuilder managementPolicy(Predicate<ManagementSession> policy) {
        this.managementPolicy = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * Sets which scopes a session may grant. Default: a session that may manage keys may grant all scopes of the catalog. The
     * policy is evaluated for each scope of a key that is issued or rotated, and for each scope that is added to a key. A job may
     * grant all scopes of the catalog.
     *
     * @param policy whether a session may grant a scope, for example because its user has the same right; evaluated for each call,
     *     by many threads
     * @return this builder
     */
    public KeywrightBuilder grantPolicy(BiPredicate<ManagementSession, Scope> policy) {
        this.grantPolicy = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * Sets to which owners a session may give keys. Default: a session that may manage keys may give them to any owner. The library
     * does not know the people of the host: that a person exists, and belongs to the session's tenant, is for this policy to
     * check. It is evaluated when a key is issued with an owner and when a key is transferred, not when an owner is removed. A job
     * may give keys to any owner.
     *
     * @param policy whether a session may give keys to an owner; evaluated for each call, by many threads
     * @return this builder
     */
    public KeywrightBuilder ownerPolicy(BiPredicate<ManagementSession, KeyOwner> policy) {
        this.ownerPolicy = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * Permits people to have {@linkplain ApiKeys#ownKeysOf keys of their own} without the permission to manage keys.
     * Default: no session is permitted.
     *
     * @param policy the limits of such keys
     * @return this builder
     */
    public KeywrightBuilder ownKeys(OwnKeyPolicy policy) {
        this.ownKeys = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * Sets the maximum number of active keys of a tenant. Default: 1,000. The limit is exact under concurrent issuing. An old key
     * within the overlap of its rotation is not counted, and imports are not limited.
     *
     * @param keys the maximum, at least 1; {@link Integer#MAX_VALUE} for no limit
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public KeywrightBuilder maxActiveKeys(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("maxActiveKeys must be at least 1, was " + keys);
        }
        this.maxActiveKeys = keys;
        return this;
    }

    /**
     * Caches lookup results, so that most verifications need no lookup. Default: no cache, one lookup for each verification.
     * <b>Revocation stays immediate on every node</b>: a {@linkplain dev.keywright.management.TenantKeys#revoke revocation} returns when
     * no node can answer from older entries any more, after a third of a second.
     *
     * <p>Once one node of a store caches, all writers of that store wait, with a cache or without. The node polls for changes twelve
     * times a second on a connection of its own: size the pool for one more. While it cannot poll, each verification is a lookup;
     * lookups beyond a limit wait, and fail after a time-out.
     *
     * @param maxKeys the maximum number of cached keys, 1 to 10 million; beyond it, approximately the least recently used one is
     *     evicted. Each takes about a kilobyte, and up to 17 with the longest description and attributes
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public KeywrightBuilder cache(int maxKeys) {
        if (maxKeys < 1 || maxKeys > MAX_CACHED_KEYS) {
            throw new IllegalArgumentException(
                    "the maximum number of cached keys must be 1 to " + MAX_CACHED_KEYS + ", was " + maxKeys);
        }
        this.maxCachedKeys = maxKeys;
        return this;
    }

    /**
     * Sets the lifetime of keys that are requested without an expiry. Default: the {@linkplain #maxLifetime maximum}, or unlimited.
     *
     * @param lifetime 1 millisecond to 100 years
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public KeywrightBuilder defaultLifetime(Duration lifetime) {
        this.defaultLifetime = checked("defaultLifetime", lifetime);
        return this;
    }

    /**
     * Sets the maximum lifetime of keys. Default: unlimited. The expiry of existing keys does not change.
     *
     * @param lifetime 1 millisecond to 100 years
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public KeywrightBuilder maxLifetime(Duration lifetime) {
        this.maxLifetime = checked("maxLifetime", lifetime);
        return this;
    }

    /**
     * Sets how long before its expiry a key is {@linkplain KeyListener#expiring announced} to the listeners. Default: 30 days, 7
     * days and 1 day. A key is announced once for each warning, and not for a longer one after a shorter one: if its lifetime is
     * 12 hours, it is announced once, for the warning of 1 day. One of the nodes that share a store makes each announcement, so
     * configure the same warnings and listeners on all of them.
     *
     * @param first a time before the expiry, 1 millisecond to 100 years, in whole milliseconds; a fraction is dropped
     * @param others further times, at most 9, in any order
     * @return this builder
     * @throws IllegalArgumentException if a time is out of range or a duplicate, or if there are too many
     */
    public KeywrightBuilder expiryWarnings(Duration first, Duration... others) {
        if (others.length >= MAX_EXPIRY_WARNINGS) {
            throw new IllegalArgumentException(
                    "expiryWarnings must be at most " + MAX_EXPIRY_WARNINGS + ", were " + (others.length + 1));
        }
        Set<Duration> warnings = new HashSet<>();
        Stream.concat(Stream.of(first), Arrays.stream(others)).forEach(time -> {
            Duration warning = checked("expiryWarnings", time).truncatedTo(ChronoUnit.MILLIS);
            if (!warnings.add(warning)) {
                throw new IllegalArgumentException("expiryWarnings must not have duplicates, had two of " + warning);
            }
        });
        this.expiryWarnings = warnings;
        return this;
    }

    static Duration checked(String option, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    option + " must be at least a millisecond and at most 100 years, was " + duration);
        }
        return duration;
    }

    /**
     * Sets the formats of issued keys. Default: {@link KeyFormat#DEFAULT}. Keys of all formats are verified. A key is issued in the
     * first format of the requested {@linkplain dev.keywright.management.NewKey#environment environment}, without one in the first
     * format of all; its rotation stays in its format, or moves to another one of its environment.
     *
     * <p>A fleet changes its format in two steps, the first completed on every node before the second: add the new format behind the
     * old one; then put it in front, and keep the old one while keys have it. To be called before {@link #importFormat} and {@link
     * #uncheckedImports}.
     *
     * @param first the format in which keys are issued by default
     * @param others further formats
     * @return this builder
     * @throws IllegalArgumentException if the prefix of a format is that of another one, or begins it
     * @throws IllegalStateException if import formats are configured already
     */
    public KeywrightBuilder formats(KeyFormat first, KeyFormat... others) {
        if (importFormats.all().length > 0) {
            throw new IllegalStateException(
                    "formats(…) must be called before importFormat(…) and uncheckedImports(…), which depend on it");
        }
        this.formats = KeyTextFormats.of(Stream.concat(Stream.of(first), Arrays.stream(others))
                .map(KeyFormat::textFormat)
                .toList());
        return this;
    }

    /**
     * Accepts keys of another system, once they are {@linkplain dev.keywright.management.KeyOperations#importKeys imported}. They
     * have no check characters, so each made-up text of the format costs a lookup.
     *
     * @param format the format of their texts; call again for another one, which may have the same prefix
     * @return this builder
     * @throws IllegalArgumentException if the format has the prefix of a {@linkplain #formats format of issued keys}; if a text of it
     *     can have the shape of an issued key, such a prefix and 32 characters from {@code 0-9a-z}; or if another import format has the
     *     same prefix and a different digest
     */
    public KeywrightBuilder importFormat(ImportFormat format) {
        for (KeyTextFormat issuing : formats.all()) {
            if (format.textFormat().overlaps(issuing)) {
                throw new IllegalArgumentException("an import format must have neither the prefix nor the shape of"
                        + " issued keys, " + issuing.regularExpression() + "; accept keys of that shape with"
                        + " uncheckedImports(…)");
            }
        }
        this.importFormats = importFormats.and(format.textFormat());
        return this;
    }

    /**
     * Accepts keys of the shape of issued keys, a prefix of the {@linkplain #formats formats} and 32 characters from {@code
     * 0-9a-z}, that another system issued, once they are imported. They have no check characters. This <b>disables the protection
     * against floods</b>: each made-up key costs a lookup. Remove the option when {@link
     * dev.keywright.management.KeyOperations#pepperUsage} reports none any more.
     *
     * @param digest the digest of the other system
     * @return this builder
     * @throws IllegalArgumentException if the option is set already, with a different digest
     */
    public KeywrightBuilder uncheckedImports(ImportDigest digest) {
        for (KeyTextFormat issuing : formats.all()) {
            this.importFormats = importFormats.and(ImportFormat.prefix(issuing.prefix())
                    .alphabet(RandomText.ALPHABET)
                    .length(KeyText.SECRET)
                    .digestOfText(digest)
                    .textFormat());
        }
        return this;
    }

    /**
     * Adds a listener for events of keys.
     *
     * @param listener the listener; called by a thread of its own
     * @return this builder
     */
    public KeywrightBuilder listener(KeyListener listener) {
        this.listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /**
     * Sets the clock that dates and expires keys. Default: the system clock.
     *
     * @param clock the clock
     * @return this builder
     */
    public KeywrightBuilder clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock);
        return this;
    }

    /**
     * Sets the source of randomness for keys. Default: a new {@link SecureRandom}.
     *
     * @param random the source
     * @return this builder
     */
    public KeywrightBuilder random(SecureRandom random) {
        this.random = Objects.requireNonNull(random);
        return this;
    }

    /**
     * Sets the scheduler of the maintenance, which records usage and announces keys that expire soon. Default: a daemon thread,
     * once a minute. Usage since the last run is lost when the process is killed.
     *
     * <pre>{@code
     * builder.maintenanceScheduler(task -> scheduler.scheduleWithFixedDelay(task, 1, 1, TimeUnit.MINUTES))
     * }</pre>
     *
     * @param scheduler receives the task once, in {@link #build}. The task never throws, may be run by any thread, and does nothing
     *     after the keys are closed
     * @return this builder
     */
    public KeywrightBuilder maintenanceScheduler(Consumer<Runnable> scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler);
        return this;
    }

    /** Sets the time source of leases and intervals. A seam for tests only. */
    KeywrightBuilder monotonicTime(MonotonicTime time) {
        this.monotonicTime = time;
        return this;
    }

    /**
     * Checks that the peppers of all active keys are configured, and builds. Logs a warning for active keys whose format is not
     * configured: they are rejected.
     *
     * @return the API keys in the store
     * @throws IllegalStateException if the default lifetime exceeds the maximum; if no format has an environment of the {@linkplain
     *     #ownKeys own keys}; or if active keys were issued under a pepper that is neither configured nor {@linkplain #retiredPepper
     *     retired}: each of them would be rejected as malformed
     * @throws StoreUnavailableException if the store cannot answer
     */
    public ApiKeys build() {
        if (defaultLifetime != null && maxLifetime != null && defaultLifetime.compareTo(maxLifetime) > 0) {
            throw new IllegalStateException(
                    "defaultLifetime must not exceed maxLifetime, " + maxLifetime + ", was " + defaultLifetime);
        }
        if (ownKeys != null) {
            requireFormats(ownKeys.limits());
        }
        new PepperCheck(peppers, formats, importFormats, Set.copyOf(retired))
                .check(store.originsInUse(clock.instant()));
        SecureRandom source = random == null ? new SecureRandom() : random;
        UsageStore usageStore = store.usageStore().orElseGet(NoUsageStore::new);
        UsageBuffer usageBuffer = new UsageBuffer(usageStore::recordUsage, maxCachedKeys);
        StoreKeyFinder keyFinder =
                new StoreKeyFinder(store::findByDigest, store::find, peppers, formats, importFormats);
        EventPublisher events = new EventPublisher(listeners, monotonicTime, keyFinder::isKeyIn);
        CoarseClock coarseClock = new CoarseClock(clock);
        Clock millis = Clock.tick(clock, Duration.ofMillis(1));
        CacheRuntime cache = maxCachedKeys == 0 ? null : cache(source, coarseClock);
        ManagementFactory management = new ManagementFactory(
                new IssuePolicy(
                        scopes,
                        ActiveKeyLimits.ofTenant(maxActiveKeys),
                        defaultLifetime,
                        maxLifetime,
                        keyFinder::isKeyIn),
                keyFinder,
                new KeyGenerator(peppers.issuing(), source),
                new KeyReader(store, new CursorCodec(peppers, source), millis),
                new WriteCoordinator(store, monotonicTime, events),
                usageBuffer,
                millis,
                cache);
        Maintenance maintenance =
                new Maintenance(usageStore::claimExpiring, clock, expiryWarnings, usageBuffer, events);
        maintenance.start(scheduler);
        if (cache != null) {
            cache.start();
        }
        SessionPolicies policies = new SessionPolicies(
                managementPolicy, grantPolicy, ownerPolicy, ownKeys == null ? null : ownKeys.limits());
        KeyVerifier verifier =
                new DefaultKeyVerifier(cache == null ? keyFinder : cache.keyFinder(), coarseClock, usageBuffer, events);
        return new DefaultApiKeys(verifier, policies, events, management, () -> {
            if (cache != null) {
                cache.close();
            }
            maintenance.close();
        });
    }

    private void requireFormats(OwnKeyLimits own) {
        if (own.environments() != null) {
            for (String environment : own.environments()) {
                if (formats.ofEnvironment(environment).isEmpty()) {
                    throw new IllegalStateException("ownKeys must have environments of key formats, had " + environment
                            + ": add it to formats, or remove it from OwnKeyPolicy.environments");
                }
            }
        }
    }

    private CacheRuntime cache(SecureRandom source, CoarseClock coarseClock) {
        LookupLimiter limiter = new LookupLimiter(MAX_CONCURRENT_LOOKUPS, LOOKUP_TIMEOUT);
        StoreKeyFinder limited = new StoreKeyFinder(
                digest -> limiter.limit(() -> store.findByDigest(digest)),
                (tenant, id) -> limiter.limit(() -> store.find(tenant, id)),
                peppers,
                formats,
                importFormats);
        return CacheRuntime.of(maxCachedKeys, limited, store, monotonicTime, coarseClock, source);
    }
}
