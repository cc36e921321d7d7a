package dev.keywright.core.cache;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.PEPPER_KEYS;
import static dev.keywright.core.Fixture.issue;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.Fixture;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.ManualTime;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.format.DigestAlgorithm;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.lookup.KeyFinder;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.ChangeFeed;
import dev.keywright.spi.Changes;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ForwardingKeyStore;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Caching node and a writer in one thread: a test orders their steps by hooks within other steps. One key is issued and one imported; a
 * test uses one of them. Subclasses plant faults by overriding the factory methods.
 */
class Stage {

    /** Form in which the key is verified. */
    enum KeyForm {
        ISSUED_TEXT,
        IMPORTED_TEXT,
        ID
    }

    private static final String IMPORTED = "legacy_" + "0123456789abcdef".repeat(2);
    private static final ImportTextFormats FORMATS = ImportTextFormats.NONE.and(Fixture.hexTexts("legacy_"));

    static final Duration BARRIER = RevisionPoller.LEASE.plus(RevisionPoller.LEASE.dividedBy(4));

    final ManualTime time = new ManualTime();

    /** Hooks that run once: before the lease is read, after a lookup, after a poll, after an extension. */
    Runnable beforeLease = () -> {};

    Runnable afterLookup = () -> {};
    Runnable afterPoll = () -> {};

    Runnable afterExtension = () -> {};

    /** Hook between a put and a check after it, which only faults have. */
    Runnable afterPut = () -> {};

    InMemoryKeyStore database = new InMemoryKeyStore();
    private final Fixture fixture = new Fixture();
    final KeyStore store = new StagedStore();

    /** Replica that answers lookups; null for the database. */
    @Nullable InMemoryKeyStore replica;

    /** Limit of a poll, which is one more than the number of changes of a page. */
    int page = Integer.MAX_VALUE;

    final CacheCounters counters = new CacheCounters();
    final Lease lease = lease(time);
    final KeyCache cache = cache(100);
    final RevisionPoller poller = poller(store, time, lease, cache, counters);
    final CachingKeyFinder node;

    /** Node without a cache that manages keys, with the same monotonic time. */
    final ApiKeys writer;

    private final StoredKey issued;
    private final StoredKey imported;
    private KeyForm form = KeyForm.ISSUED_TEXT;
    KeyId id;
    String token;

    Stage() {
        writer = fixture.builder(store, time).build();
        token = issue(writer.managedBy(ADMIN), "read:people").secret().reveal();
        issued = database.findByDigest(PEPPER_KEYS.digest(token)).key().orElseThrow();
        id = issued.key().id();
        StoredKey unsaved = StoredKey.unsaved(
                        SampleKeys.key(ADMIN.tenant().value(), "imported"),
                        PEPPER_KEYS.imported(
                                DigestAlgorithm.sha(256),
                                DigestAlgorithm.sha(256).digest(IMPORTED)),
                        PEPPER_KEYS.id(),
                        "ck_")
                .imported("legacy_");
        imported = database.insert(unsaved, ActiveKeyLimits.UNLIMITED, fixture.now())
                .key()
                .orElseThrow();
        StoreKeyFinder storeKeyFinder = new StoreKeyFinder(
                lookups(store), store::find, new PepperSet(PEPPER_KEYS, List.of()), Fixture.FORMATS, FORMATS);
        node = node(storeKeyFinder, new KeyFingerprints(Fixture.FORMATS, 1, 2, 3, 4), staleLookupGuard(counters));
        poller.poll();
    }

    /** {@return this stage, for the key in a form} */
    final Stage about(KeyForm keyForm) {
        form = keyForm;
        if (keyForm == KeyForm.IMPORTED_TEXT) {
            id = imported.key().id();
            token = IMPORTED;
        }
        return this;
    }

    /** Whether the node accepts the key, in a verification that begins now. */
    boolean accepts() {
        try {
            KeyFinder.Result result = form == KeyForm.ID ? node.find(ADMIN.tenant(), id) : node.find(token);
            ApiKey key = result.lookupResult().key();
            return key != null && key.stateAt(Instant.EPOCH) == ApiKey.State.ACTIVE;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** Commits a revocation without its barrier. */
    void revocationCommits() {
        store.revoke(ADMIN.tenant(), id, new Revocation(fixture.now(), StoredValues.holder(), ""));
    }

    void later(Duration by) {
        time.later(by);
    }

    /** Commits a change of another key. */
    void anotherWriteCommits() {
        database.revoke(
                TenantId.of("south"), KeyId.of("another"), new Revocation(fixture.now(), StoredValues.holder(), ""));
    }

    void pollAfterALapse() {
        later(RevisionPoller.LEASE);
        poller.poll();
    }

    /** Lets the barrier of a writer pass, during which the node polls. */
    void pollDuringBarrier() {
        for (int i = 0; i < 5; i++) {
            later(BARRIER.dividedBy(5));
            poller.poll();
        }
    }

    /** {@return a copy of the database, without later changes} */
    InMemoryKeyStore standby() {
        InMemoryKeyStore copy = new InMemoryKeyStore();
        copy.insert(issued, ActiveKeyLimits.UNLIMITED, fixture.now());
        copy.insert(imported, ActiveKeyLimits.UNLIMITED, fixture.now());
        copy.openChangeFeed(RevisionPoller.LEASE).close();
        return copy;
    }

    private Lease lease(MonotonicTime time) {
        return new Lease(time) {
            @Override
            boolean holds() {
                Runnable hook = beforeLease;
                beforeLease = () -> {};
                hook.run();
                return super.holds();
            }

            @Override
            synchronized void extend(long from, Duration duration) {
                super.extend(from, duration);
                Runnable hook = afterExtension;
                afterExtension = () -> {};
                hook.run();
            }
        };
    }

    KeyCache cache(int maxKeys) {
        return new KeyCache(maxKeys);
    }

    RevisionPoller poller(KeyStore store, MonotonicTime time, Lease lease, KeyCache cache, CacheCounters counters) {
        return new RevisionPoller(store, time, lease, cache, counters);
    }

    CachingKeyFinder node(
            StoreKeyFinder storeKeyFinder, KeyFingerprints fingerprints, StaleLookupGuard staleLookupGuard) {
        return new CachingKeyFinder(storeKeyFinder, fingerprints, lease, cache, counters, staleLookupGuard);
    }

    StaleLookupGuard staleLookupGuard(CacheCounters counters) {
        return new StaleLookupGuard(time, counters);
    }

    Function<Digest, LookupSnapshot> lookups(KeyStore store) {
        return store::findByDigest;
    }

    WriteResult written(WriteResult result) {
        return result;
    }

    Changes poll(Changes changes) {
        return changes;
    }

    /** Store that runs the hooks, and the faults of subclasses. */
    private final class StagedStore extends ForwardingKeyStore {

        @Override
        protected KeyStore delegate() {
            return database;
        }

        @Override
        public WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now) {
            return written(super.insert(key, limits, now));
        }

        @Override
        public WriteResult change(ApiKey changed, Instant now) {
            return written(super.change(changed, now));
        }

        @Override
        public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
            return written(super.replace(changed, successor, now));
        }

        @Override
        public WriteResult revoke(TenantId tenant, KeyId key, Revocation revocation) {
            return written(super.revoke(tenant, key, revocation));
        }

        @Override
        public LookupSnapshot findByDigest(Digest digest) {
            return lookedUp(lookupTarget().findByDigest(digest));
        }

        @Override
        public LookupSnapshot find(TenantId tenant, KeyId key) {
            return lookedUp(lookupTarget().find(tenant, key));
        }

        @Override
        public ChangeFeed openChangeFeed(Duration duration) {
            super.openChangeFeed(duration);
            return changeFeed();
        }

        private KeyStore lookupTarget() {
            InMemoryKeyStore lagging = replica;
            return lagging == null ? database : lagging;
        }

        private LookupSnapshot lookedUp(LookupSnapshot result) {
            Runnable hook = afterLookup;
            afterLookup = () -> {};
            hook.run();
            return result;
        }
    }

    private ChangeFeed changeFeed() {
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                Changes result = Stage.this.poll(
                        database.openChangeFeed(RevisionPoller.LEASE).poll(applied, Math.min(limit, page)));
                Runnable hook = afterPoll;
                afterPoll = () -> {};
                hook.run();
                return result;
            }

            @Override
            public void close() {}
        };
    }
}
