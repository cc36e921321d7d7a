package dev.keywright.core.cache;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.ManualTime;
import dev.keywright.core.Pepper;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.format.ImportFormats;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
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
 * A node that caches, and whoever writes, each operation of which may stop anywhere while others go on. Each verification is held
 * against the {@link Promise}; nothing else is asked of the order of answers, since a write that has not yet returned may be seen
 * here and not there. Made as it was built; those in which something is wrong override what is not private.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
@Param(name = "there", gen = IntGen.class, conf = "0:1")
@Param(name = "later", gen = IntGen.class, conf = "2:3")
@SuppressWarnings("this-escape")
public class InterleavedNode {

    static final String CROWDED = "found, which are not all, or too many: ";

    /**
     * The first two are there from the beginning, and there is room for one of them; the others are inserted later, or never. Every
     * other one is imported.
     */
    static final int KEYS = 4;

    static final int ROOM = 1;

    private static final TenantId TENANT = TenantId.of("north");
    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, StoredValues.holder(), "");
    private static final PepperSet PEPPERS = new PepperSet(Pepper.none(), List.of());
    static final KeyFingerprints TEXT_NAMES = new KeyFingerprints(1, 2, 3, 4);
    private static final Duration WAIT = Stage.WAIT.plusNanos(3);
    private static final String[] TEXTS = new String[KEYS];
    private static final Fingerprint[] NAMES = new Fingerprint[KEYS];
    private static final StoredKey[] ROWS = new StoredKey[KEYS];
    private static final List<KeyId> IDS =
            List.of(KeyId.of("key0"), KeyId.of("key1"), KeyId.of("key2"), KeyId.of("key3"));
    private static final ImportDigest FOREIGN = ImportDigest.sha256();
    private static final ImportFormats FORMATS = ImportFormats.NONE.and(
            ImportFormat.prefix("legacy_").alphabet("0123").length(32).digestOfText(FOREIGN));

    static {
        for (int key = 0; key < KEYS; key++) {
            TEXTS[key] = isImported(key) ? "legacy_" + String.valueOf(key).repeat(32) : issuedText(key);
            NAMES[key] = TEXT_NAMES.of(TEXTS[key]);
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
        Pepper pepper = PEPPERS.issuing();
        ApiKey unsaved = SampleKeys.key("north", IDS.get(key).value());
        return isImported(key)
                ? StoredKey.unsaved(unsaved, pepper.imported(FOREIGN, FOREIGN.of(TEXTS[key])), pepper.id())
                        .imported("legacy_")
                : StoredKey.unsaved(unsaved, pepper.digest(TEXTS[key]), pepper.id());
    }

    final ManualTime time = new ManualTime();
    final Lease lease = lease();
    final KeyCache entries = entries();
    final Promise promise = new Promise(lease);
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    final CacheCounters counters = new CacheCounters();
    final StaleLookupGuard stale = new StaleLookupGuard(time, counters);
    private final RevisionPoller heart = heart(store, counters);
    private final long epoch;
    private final long revision;

    public InterleavedNode() {
        store.insert(ROWS[0], KeyStore.UNLIMITED, Instant.EPOCH);
        store.insert(ROWS[1], KeyStore.UNLIMITED, Instant.EPOCH);
        promise.inserted(0);
        promise.inserted(1);
        heart.poll();
        epoch = entries.epoch();
        revision = entries.applied();
    }

    /** The last step of a verification that has looked its key up in the beginning, and was held up since. */
    @Operation(params = "there")
    public final void fillLate(int key) {
        node(lookUp(this::lookedUp)).fillByText(TEXTS[key], new LookupResult(true, ROWS[key].key(), revision), epoch);
    }

    @Operation(params = "key")
    public final void verify(int key) {
        boolean[] asked = {false};
        StoreKeyFinder lookUp = lookUp(digest -> {
            asked[0] = true;
            return lookedUp(digest);
        });
        Promise.Before before = promise.before(key);
        LookupResult found = node(lookUp).find(TEXTS[key]);
        promise.hold(before, key, found, !asked[0]);
    }

    /** As a request that goes on asks, without the text. */
    @Operation(params = "key")
    public final void recheck(int key) {
        boolean[] asked = {false};
        StoreKeyFinder lookUp = new StoreKeyFinder(
                this::lookedUp,
                (tenant, id) -> {
                    asked[0] = true;
                    return store.find(tenant, id);
                },
                PEPPERS,
                FORMATS);
        Promise.Before before = promise.before(key);
        LookupResult found = node(lookUp).find(TENANT, IDS.get(key));
        promise.hold(before, key, found, !asked[0]);
    }

    private StoreKeyFinder lookUp(Function<Digest, LookupSnapshot> byDigest) {
        return new StoreKeyFinder(byDigest, store::find, PEPPERS, FORMATS);
    }

    @Operation(params = "there")
    public final void revoke(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
        await();
        promise.revoked(key);
    }

    /** Revokes all keys of the tenant that are there. */
    @Operation(runOnce = true)
    public final void revokeAll() {
        commitAll();
        await();
        promise.revoked(0);
        promise.revoked(1);
    }

    /** The first half of a revocation. */
    @Operation(params = "there")
    public final void commit(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
    }

    /** The first half of the revocation of all keys. */
    @Operation(runOnce = true)
    public final void commitAll() {
        for (int key = 0; key < KEYS; key++) {
            promise.revoking(key);
        }
        store.revokeAll(TENANT, REVOCATION);
    }

    /** The second half: the writer's wait, in which the node goes on to poll. */
    @Operation(params = "there", nonParallelGroup = "heart")
    public final void waitOut(int key) {
        for (int part = 0; part < 3; part++) {
            time.later(WAIT.dividedBy(3));
            heart.poll();
        }
        promise.revoked(key);
    }

    @Operation(params = "later")
    public final void insert(int key) {
        store.insert(ROWS[key], KeyStore.UNLIMITED, Instant.EPOCH);
        await();
        promise.inserted(key);
    }

    @Operation(nonParallelGroup = "heart")
    public final void beat() {
        promise.beatBegins();
        heart.poll();
        promise.beatHasEnded();
    }

    @Operation
    public final void later() {
        time.later(RevisionPoller.LEASE.dividedBy(2));
    }

    @Operation(runOnce = true)
    public final void close() {
        heart.close();
        promise.closed();
    }

    /** At the end there is no more than there is room for, and whatever can be found can be forgotten. */
    @Validate
    public final void whatIsRememberedCanBeForgotten() {
        int found = 0;
        for (int key = 0; key < KEYS; key++) {
            found += entries.get(TENANT, IDS.get(key)) == null ? 0 : 1;
        }
        if (found != entries.keys() || found > ROOM) {
            throw new AssertionError(CROWDED + found + " of " + entries.keys());
        }
        entries.evict(IDS);
        for (int key = 0; key < KEYS; key++) {
            LookupResult known = entries.get(NAMES[key]);
            if (known != null && known.key() != null) {
                throw new AssertionError("found, although forgotten");
            }
        }
    }

    /** A writer's wait. It passes in parts, so that a beat can begin after the commit, and its lease last for longer. */
    private void await() {
        Duration part = waitsFor().dividedBy(3);
        time.later(part);
        time.later(part);
        time.later(part);
    }

    /** A little more, where that does not divide by three. */
    Duration waitsFor() {
        return WAIT;
    }

    LookupSnapshot lookedUp(Digest digest) {
        return store.findByDigest(digest);
    }

    Lease lease() {
        return new Lease(time);
    }

    KeyCache entries() {
        return new KeyCache(ROOM);
    }

    RevisionPoller heart(KeyStore of, CacheCounters counted) {
        return new RevisionPoller(of, time, lease, entries, counted);
    }

    CachingKeyFinder node(StoreKeyFinder lookUp) {
        return new CachingKeyFinder(lookUp, TEXT_NAMES, lease, entries, counters, stale);
    }
}
