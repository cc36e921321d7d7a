package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.ManualTime;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.format.DigestAlgorithm;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Lincheck operations of a caching node and of writers, which may be interleaved anywhere. Each verification is checked against the
 * {@link Promise}. The order of results is not checked otherwise: a write that has not yet returned may be visible to some
 * verifications only. {@link WrongNodes} override the overridable methods with faults.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
@Param(name = "there", gen = IntGen.class, conf = "0:1")
@Param(name = "later", gen = IntGen.class, conf = "2:3")
@SuppressWarnings("this-escape")
public class InterleavedNode {

    static final String LIMIT_EXCEEDED = "cached keys, but not all are found, or the limit is exceeded: ";

    /** Keys 0 and 1 exist from the start, 2 and 3 are inserted later or never. Odd keys are imported. */
    static final int KEYS = 4;

    /** Maximum number of cached keys. */
    static final int MAX_KEYS = 1;

    private static final TenantId TENANT = TenantId.of("north");
    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");
    private static final PepperSet PEPPERS = new PepperSet(PepperKeys.none(), List.of());
    static final KeyFingerprints KEY_FINGERPRINTS = new KeyFingerprints(Fixture.FORMATS, 1, 2, 3, 4);
    private static final Duration BARRIER = Stage.BARRIER.plusNanos(3);
    private static final String[] TEXTS = new String[KEYS];
    private static final Fingerprint[] FINGERPRINTS = new Fingerprint[KEYS];
    private static final StoredKey[] ROWS = new StoredKey[KEYS];
    private static final List<KeyId> IDS =
            List.of(KeyId.of("key0"), KeyId.of("key1"), KeyId.of("key2"), KeyId.of("key3"));
    private static final DigestAlgorithm DIGEST = DigestAlgorithm.sha(256);
    private static final ImportTextFormats FORMATS = ImportTextFormats.NONE.and(Fixture.hexTexts("legacy_"));

    static {
        for (int key = 0; key < KEYS; key++) {
            TEXTS[key] = isImported(key) ? "legacy_" + String.valueOf(key).repeat(32) : issuedText(key);
            FINGERPRINTS[key] = KEY_FINGERPRINTS.of(TEXTS[key]);
            ROWS[key] = row(key);
        }
    }

    private static boolean isImported(int key) {
        return key % 2 == 1;
    }

    private static String issuedText(int key) {
        String body = "ck_" + String.valueOf(key).repeat(KeyText.DRAWN);
        return body + PEPPERS.issuing().check().of(body);
    }

    private static StoredKey row(int key) {
        PepperKeys pepper = PEPPERS.issuing();
        ApiKey unsaved = SampleKeys.key("north", IDS.get(key).value());
        return isImported(key)
                ? StoredKey.unsaved(unsaved, pepper.imported(DIGEST, DIGEST.digest(TEXTS[key])), pepper.id(), "ck_")
                        .imported("legacy_")
                : StoredKey.unsaved(unsaved, pepper.digest(TEXTS[key]), pepper.id(), "ck_");
    }

    final ManualTime time = new ManualTime();
    final Lease lease = lease();
    final KeyCache cache = cache();
    final Promise promise = new Promise(lease);
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    final CacheCounters counters = new CacheCounters();
    final StaleLookupGuard staleLookupGuard = new StaleLookupGuard(time, counters);
    private final RevisionPoller poller = poller(store, counters);
    private final long epoch;
    private final long revision;

    public InterleavedNode() {
        store.insert(ROWS[0], ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
        store.insert(ROWS[1], ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
        promise.inserted(0);
        promise.inserted(1);
        poller.poll();
        epoch = cache.epoch();
        revision = cache.applied();
    }

    /** Last step of a verification whose lookup was made at the start. */
    @Operation(params = "there")
    public final void fillLate(int key) {
        node(finder(this::lookedUp)).fillByText(TEXTS[key], new LookupResult(ROWS[key].key(), revision), epoch);
    }

    @Operation(params = "key")
    public final void verify(int key) {
        boolean[] storeRead = {false};
        StoreKeyFinder finder = finder(digest -> {
            storeRead[0] = true;
            return lookedUp(digest);
        });
        Promise.Before before = promise.before(key);
        LookupResult found = node(finder).find(TEXTS[key]).lookupResult();
        promise.check(before, key, found, !storeRead[0]);
    }

    /** Looks the key up by its id, as a recheck of a long request does. */
    @Operation(params = "key")
    public final void recheck(int key) {
        boolean[] storeRead = {false};
        StoreKeyFinder finder = new StoreKeyFinder(
                this::lookedUp,
                (tenant, id) -> {
                    storeRead[0] = true;
                    return store.find(tenant, id);
                },
                PEPPERS,
                Fixture.FORMATS,
                FORMATS);
        Promise.Before before = promise.before(key);
        LookupResult found = node(finder).find(TENANT, IDS.get(key)).lookupResult();
        promise.check(before, key, found, !storeRead[0]);
    }

    private StoreKeyFinder finder(Function<Digest, LookupSnapshot> byDigest) {
        return new StoreKeyFinder(byDigest, store::find, PEPPERS, Fixture.FORMATS, FORMATS);
    }

    @Operation(params = "there")
    public final void revoke(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
        await();
        promise.revoked(key);
    }

    /** Revokes all keys of the tenant. */
    @Operation(runOnce = true)
    public final void revokeAll() {
        commitAll();
        await();
        promise.revoked(0);
        promise.revoked(1);
    }

    /** First half of a revocation: the commit. */
    @Operation(params = "there")
    public final void commit(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
    }

    /** First half of the revocation of all keys. */
    @Operation(runOnce = true)
    public final void commitAll() {
        for (int key = 0; key < KEYS; key++) {
            promise.revoking(key);
        }
        store.revokeAll(TENANT, REVOCATION);
    }

    /** Second half: the barrier, during which the node polls. */
    @Operation(params = "there", nonParallelGroup = "poller")
    public final void awaitBarrier(int key) {
        for (int part = 0; part < 3; part++) {
            time.later(BARRIER.dividedBy(3));
            poller.poll();
        }
        promise.revoked(key);
    }

    @Operation(params = "later")
    public final void insert(int key) {
        store.insert(ROWS[key], ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
        await();
        promise.inserted(key);
    }

    @Operation(nonParallelGroup = "poller")
    public final void poll() {
        promise.pollStarts();
        poller.poll();
        promise.pollEnded();
    }

    @Operation
    public final void later() {
        time.later(RevisionPoller.LEASE.dividedBy(2));
    }

    @Operation(runOnce = true)
    public final void close() {
        poller.close();
        promise.closed();
    }

    /** In the final state, the cache does not exceed its limit, and each entry can be evicted. */
    @Validate
    public final void cachedKeysCanBeEvicted() {
        int found = 0;
        for (int key = 0; key < KEYS; key++) {
            found += cache.get(TENANT, IDS.get(key)) == null ? 0 : 1;
        }
        if (found != cache.keys() || found > MAX_KEYS) {
            throw new AssertionError(LIMIT_EXCEEDED + found + " of " + cache.keys());
        }
        cache.evict(IDS);
        for (int key = 0; key < KEYS; key++) {
            CachedResult cached = cache.get(FINGERPRINTS[key]);
            if (cached != null && cached.lookupResult().key() != null) {
                throw new AssertionError("cached after its eviction");
            }
        }
    }

    /** Barrier of a writer, in parts, so that a poll can begin after the commit and extend its lease beyond a part of the barrier. */
    private void await() {
        Duration part = barrier().dividedBy(3);
        time.later(part);
        time.later(part);
        time.later(part);
    }

    /** Three nanoseconds longer than the real barrier, so that three truncated parts are not shorter. */
    Duration barrier() {
        return BARRIER;
    }

    LookupSnapshot lookedUp(Digest digest) {
        return store.findByDigest(digest);
    }

    Lease lease() {
        return new Lease(time);
    }

    KeyCache cache() {
        return new KeyCache(MAX_KEYS);
    }

    RevisionPoller poller(KeyStore store, CacheCounters counters) {
        return new RevisionPoller(store, time, lease, cache, counters);
    }

    CachingKeyFinder node(StoreKeyFinder finder) {
        return new CachingKeyFinder(finder, KEY_FINGERPRINTS, lease, cache, counters, staleLookupGuard);
    }
}
