package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.core.TextNames.Name;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * A node that caches, and whoever writes, each operation of which may stop anywhere while others go on. Each verification is held
 * against the {@link Promise}; nothing else is asked of the order of answers, since a write that has not yet returned may be seen
 * here and not there. Made as it was built; those in which something is wrong override what is not private.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "issued", gen = IntGen.class, conf = "0:1")
@SuppressWarnings("this-escape")
public class InterleavedNode {

    static final String CROWDED = "found, which are not all, or too many: ";

    /** The first two are there from the beginning, and there is room for one of them; the third is inserted later, or never. */
    static final int KEYS = 3;

    static final int ROOM = 1;

    private static final TenantId TENANT = TenantId.of("north");
    private static final Revocation REVOCATION = new Revocation(Instant.EPOCH, Actor.holder(), "");
    private static final Peppers PEPPERS = new Peppers(Pepper.none(), List.of());
    private static final TextNames TEXT_NAMES = new TextNames(1, 2, 3, 4);
    private static final Duration WAIT = Stage.WAIT.plusNanos(3);
    private static final String[] TEXTS = new String[KEYS];
    private static final Name[] NAMES = new Name[KEYS];
    private static final StoredKey[] ROWS = new StoredKey[KEYS];
    private static final List<KeyId> IDS = List.of(KeyId.of("key0"), KeyId.of("key1"), KeyId.of("key2"));

    static {
        for (int key = 0; key < KEYS; key++) {
            String body = KeyText.PREFIX + String.valueOf(key).repeat(KeyText.DRAWN);
            TEXTS[key] = body + PEPPERS.issuing().check().of(body);
            NAMES[key] = TEXT_NAMES.of(TEXTS[key]);
            ROWS[key] = StoredKey.unsaved(
                    SampleKeys.key("north", IDS.get(key).value()),
                    PEPPERS.issuing().digest(TEXTS[key]),
                    PEPPERS.issuing().id());
        }
    }

    final HandTurnedTime time = new HandTurnedTime();
    final Lease lease = lease();
    final Entries entries = entries();
    final Promise promise = new Promise(lease);
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final CacheCounters counters = new CacheCounters();
    private final Heart heart = heart(store, counters);
    private final long generation;

    public InterleavedNode() {
        store.insert(ROWS[0], KeyStore.UNLIMITED, Instant.EPOCH);
        store.insert(ROWS[1], KeyStore.UNLIMITED, Instant.EPOCH);
        promise.inserted(0);
        promise.inserted(1);
        heart.beat();
        generation = entries.generation();
    }

    /** The last step of a verification that has looked its key up in the beginning, and was held up since. */
    @Operation(params = "issued")
    public final void fillLate(int key) {
        entries.fill(NAMES[key], new Found(true, ROWS[key].key()), generation);
    }

    @Operation(params = "key")
    public final void verify(int key) {
        boolean[] asked = {false};
        LookUp lookUp = new LookUp(
                digest -> {
                    asked[0] = true;
                    return lookedUp(digest);
                },
                PEPPERS,
                KeyFormats.NONE);
        Promise.Before before = promise.before(key);
        Found found = node(lookUp, TEXT_NAMES, counters).find(TEXTS[key]);
        promise.hold(before, key, found, !asked[0]);
    }

    @Operation(params = "issued")
    public final void revoke(int key) {
        promise.revoking(key);
        store.revoke(TENANT, ROWS[key].key().id(), REVOCATION);
        await();
        promise.revoked(key);
    }

    @Operation(runOnce = true)
    public final void insert() {
        store.insert(ROWS[2], KeyStore.UNLIMITED, Instant.EPOCH);
        await();
        promise.inserted(2);
    }

    @Operation(nonParallelGroup = "heart")
    public final void beat() {
        promise.beatBegins();
        heart.beat();
        promise.beatHasEnded();
    }

    @Operation
    public final void later() {
        time.later(Heart.LEASE.dividedBy(2));
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
            Found known = entries.get(NAMES[key]);
            found += known == null || known.key() == null ? 0 : 1;
        }
        if (found != entries.keys() || found > ROOM) {
            throw new AssertionError(CROWDED + found + " of " + entries.keys());
        }
        entries.forget(IDS, false);
        for (int key = 0; key < KEYS; key++) {
            Found known = entries.get(NAMES[key]);
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

    Optional<StoredKey> lookedUp(Digest digest) {
        return store.findByDigest(digest);
    }

    Lease lease() {
        return new Lease(time);
    }

    Entries entries() {
        return new Entries(ROOM);
    }

    Heart heart(KeyStore of, CacheCounters counted) {
        return new Heart(of, time, lease, entries, counted);
    }

    CoherentLookUp node(LookUp lookUp, TextNames names, CacheCounters counted) {
        return new CoherentLookUp(lookUp, names, lease, entries, counted);
    }
}
