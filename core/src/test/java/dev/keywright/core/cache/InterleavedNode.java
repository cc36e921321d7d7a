package dev.keywright.core.cache;

import dev.keywright.Actor;
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
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Node with a cache, and writers, whose operations interleave at any step. Each verification is checked against the {@link Promise};
 * no other order of results is required, since a write that has not yet returned may be visible to one verification and not to another.
 * Subclasses plant faults by overriding the factory methods.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
@Param(name = "there", gen = IntGen.class, conf = "0:1")
@Param(name = "later", gen = IntGen.class, conf = "2:3")
@SuppressWarnings("this-escape")
public class InterleavedNode {

    static final String CROWDED = "keys found differ from the number of cached keys, or exceed the maximum: ";

    /**
     * The first two keys exist from the start, and the cache has room for one of them; the others are inserted later, or never. Every
     * other key is imported.
     */
    static final int KEYS = 4;

    static final int ROOM = 1;

    private static final TenantId TENANT = TenantId.of("north");
    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, Actor.holder(), "");
    private static final PepperSet PEPPERS = new PepperSet(PepperKeys.none(), List.of());
    static final KeyFingerprints FINGERPRINTS_OF_TEXTS = new KeyFingerprints(1, 2, 3, 4);
    private static final Duration WAIT = Stage.WAIT.plusNanos(3);
    private static final String[] TEXTS = new String[KEYS];
    private static final Fingerprint[] FINGERPRINTS = new Fingerprint[KEYS];
    private static final StoredKey[] ROWS = new StoredKey[KEYS];
    private static final List<KeyId> IDS =
            List.of(KeyId.of("key0"), KeyId.of("key1"), KeyId.of("key2"), KeyId.of("key3"));
    private static final DigestAlgorithm ALGORITHM = DigestAlgorithm.sha(256);
    private static final ImportTextFormats FORMATS = ImportTextFormats.NONE.and(Fixture.hexTexts("legacy_"));

    static {
        for (int key = 0; key < KEYS; key++) {
            TEXTS[key] = isImported(key) ? "legacy_" + String.valueOf(key).repeat(32) : issuedText(key);
            FINGERPRINTS[key] = FINGERPRINTS_OF_TEXTS.of(TEXTS[key]);
            ROWS[key] = row(key);
        }
    }

    private static boolean isImported(int key) {
        return key % 2 == 1;
    }

    private static String issuedText(int key) {
        String body = KeyText.PREFIX + String.valueOf(key).repeat(KeyText.DRAWN);
        return body + PEPPERS.issuing().check().of(body);
    }

    private static StoredKey row(int key) {
        PepperKeys pepper = PEPPERS.issuing();
        ApiKey unsaved = SampleKeys.key("north", IDS.get(key).value());
        return isImported(key)
                ? StoredKey.unsaved(unsaved, pepper.imported(ALGORITHM, ALGORITHM.digest(TEXTS[key])), pepper.id())
                        .imported("legacy_")
                : StoredKey.unsaved(unsaved, pepper.digest(TEXTS[key]), pepper.id());
    }

    final ManualTime time = new ManualTime();
    final Lease lease = lease();
    final KeyCache cache = cache();
    final Promise promise = new Promise(lease);
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    final CacheCounters counters = new CacheCounters();
    final StaleLookupGuard stale = new StaleLookupGuard(time, counters);
    private final RevisionPoller poller = poller(store, counters);
    private final long epoch;
    private final long revision;

    public InterleavedNode() {
        store.insert(ROWS[0], KeyStore.UNLIMITED, Instant.EPOCH);
        store.insert(ROWS[1], KeyStore.UNLIMITED, Instant.EPOCH);
        promise.inserted(0);
        promise.inserted(1);
        poller.poll();
        epoch = cache.epoch();
        revision = cache.applied();
    }

    /** Last step of a verification that has looked its key up at the start, and was delayed since. */
    @Operation(params = "there")
    public final void fillLate(int key) {
        keyFinder(storeKeyFinder(this::findByDigest))
                .fillByText(TEXTS[key], new LookupResult(ROWS[key].key(), revision), epoch);
    }

    @Operation(params = "key")
    public final void verify(int key) {
        boolean[] asked = {false};
        StoreKeyFinder storeKeyFinder = storeKeyFinder(digest -> {
            asked[0] = true;
            return findByDigest(digest);
        });
        Promise.Before before = promise.before(key);
        LookupResult found = keyFinder(storeKeyFinder).find(TEXTS[key]).result();
        promise.check(before, key, found, !asked[0]);
    }

    /** Rechecks a key, without its text. */
    @Operation(params = "key")
    public final void recheck(int key) {
        boolean[] asked = {false};
        StoreKeyFinder storeKeyFinder = new StoreKeyFinder(
                this::findByDigest,
                (tenant, id) -> {
                    asked[0] = true;
                    return store.find(tenant, id);
                },
                PEPPERS,
                FORMATS);
        Promise.Before before = promise.before(key);
        LookupResult found =
                keyFinder(storeKeyFinder).find(TENANT, IDS.get(key)).result();
        promise.check(before, key, found, !asked[0]);
    }

    private StoreKeyFinder storeKeyFinder(Function<Digest, LookupSnapshot> byDigest) {
        return new StoreKeyFinder(byDigest, store::find, PEPPERS, FORMATS);
    }

    @Operation(params = "there")
    public final void revoke(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
        await();
        promise.revoked(key);
    }

    /** Revokes all existing keys of the tenant. */
    @Operation(runOnce = true)
    public final void revokeAll() {
        commitAll();
        await();
        promise.revoked(0);
        promise.revoked(1);
    }

    /** First half of a revocation. */
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

    /** Second half of a revocation: the wait of the writer, during which the node continues to poll. */
    @Operation(params = "there", nonParallelGroup = "poller")
    public final void waitOut(int key) {
        for (int part = 0; part < 3; part++) {
            time.later(WAIT.dividedBy(3));
            poller.poll();
        }
        promise.revoked(key);
    }

    @Operation(params = "later")
    public final void insert(int key) {
        store.insert(ROWS[key], KeyStore.UNLIMITED, Instant.EPOCH);
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

    /** Checks that the cache holds no more keys than it has room for, and that all of them can be evicted. */
    @Validate
    public final void cachedKeysCanBeEvicted() {
        int found = 0;
        for (int key = 0; key < KEYS; key++) {
            found += cache.get(TENANT, IDS.get(key)) == null ? 0 : 1;
        }
        if (found != cache.keys() || found > ROOM) {
            throw new AssertionError(CROWDED + found + " of " + cache.keys());
        }
        cache.evict(IDS);
        for (int key = 0; key < KEYS; key++) {
            CachedResult known = cache.get(FINGERPRINTS[key]);
            if (known != null && known.result().key() != null) {
                throw new AssertionError("found after its eviction");
            }
        }
    }

    /** Waits like a writer, in parts, so that a poll can start after the commit and extend the lease beyond the wait. */
    private void await() {
        Duration part = writerWait().dividedBy(3);
        time.later(part);
        time.later(part);
        time.later(part);
    }

    /** {@return the wait of a writer; slightly longer, so that it can be divided by three} */
    Duration writerWait() {
        return WAIT;
    }

    LookupSnapshot findByDigest(Digest digest) {
        return store.findByDigest(digest);
    }

    Lease lease() {
        return new Lease(time);
    }

    KeyCache cache() {
        return new KeyCache(ROOM);
    }

    RevisionPoller poller(KeyStore of, CacheCounters counted) {
        return new RevisionPoller(of, time, lease, cache, counted);
    }

    CachingKeyFinder keyFinder(StoreKeyFinder storeKeyFinder) {
        return new CachingKeyFinder(storeKeyFinder, FINGERPRINTS_OF_TEXTS, lease, cache, counters, stale);
    }
}
