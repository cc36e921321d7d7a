package dev.keywright.core.cache;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.issue;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.Fixture;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.ManualTime;
import dev.keywright.core.SampleKeys;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.format.ImportFormats;
import dev.keywright.core.format.PepperSet;
import dev.keywright.core.lookup.LookupResult;
import dev.keywright.core.lookup.StoreKeyFinder;
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
 * A node with a cache and a writer in one thread: the test orders their steps, by what it lets happen in the middle of others. One
 * key was issued and one imported; a test is about one of them. Each method can be overridden by one in which something is wrong.
 */
class Stage {

    /** How the key is presented. */
    enum Presented {
        ISSUED_TEXT,
        IMPORTED_TEXT,
        ID
    }

    private static final String IMPORTED = "legacy_" + "0123456789abcdef".repeat(2);
    private static final ImportFormats FORMATS = ImportFormats.NONE.and(ImportFormat.prefix("legacy_")
            .alphabet("0123456789abcdef")
            .length(32)
            .digestOfText(ImportDigest.sha256()));

    static final Duration WAIT = RevisionPoller.LEASE.plus(RevisionPoller.LEASE.dividedBy(4));

    final ManualTime hand = new ManualTime();

    /** What happens once, in the middle of a step: before the lease is looked at, after a look-up, a poll, an extension. */
    Runnable beforeLease = () -> {};

    Runnable afterLookUp = () -> {};
    Runnable afterPoll = () -> {};

    Runnable afterExtension = () -> {};

    /** What happens between a put and the check after it; as it is built, there is no such moment. */
    Runnable afterPut = () -> {};

    InMemoryKeyStore database = new InMemoryKeyStore();
    private final Fixture fixture = new Fixture();
    final KeyStore store = new StagedStore();

    /** Where lookups go; null for the database. */
    @Nullable InMemoryKeyStore replica;

    /** Up to how many changes a page of a poll has, and one less. */
    int page = Integer.MAX_VALUE;

    final CacheCounters counters = new CacheCounters();
    final Lease lease = lease(hand);
    final KeyCache entries = entries(100);
    final RevisionPoller heart = heart(store, hand, lease, entries, counters);
    final CachingKeyFinder node;

    /** What manages keys, on another node without a cache, and waits by the same clock. */
    final ApiKeys writer;

    private final StoredKey issued;
    private final StoredKey imported;
    private Presented presented = Presented.ISSUED_TEXT;
    KeyId id;
    String token;

    Stage() {
        writer = fixture.builder(store).monotonicTime(hand).build();
        token = issue(writer.managedBy(ADMIN), "read:people").secret().reveal();
        issued = database.findByDigest(PEPPER.digest(token)).key().orElseThrow();
        id = issued.key().id();
        StoredKey foreign = StoredKey.unsaved(
                        SampleKeys.key(ADMIN.tenant().value(), "imported"),
                        PEPPER.imported(
                                ImportDigest.sha256(), ImportDigest.sha256().of(IMPORTED)),
                        PEPPER.id())
                .imported("legacy_");
        imported = database.insert(foreign, KeyStore.UNLIMITED, fixture.now())
                .key()
                .orElseThrow();
        StoreKeyFinder lookUp =
                new StoreKeyFinder(lookUps(store), store::find, new PepperSet(PEPPER, List.of()), FORMATS);
        node = node(lookUp, new KeyFingerprints(1, 2, 3, 4), stale(counters));
        heart.poll();
    }

    /** {@return this stage, about the key that is presented so} */
    final Stage about(Presented how) {
        presented = how;
        if (how == Presented.IMPORTED_TEXT) {
            id = imported.key().id();
            token = IMPORTED;
        }
        return this;
    }

    /** Whether the node accepts the key, in a verification that begins now. */
    boolean accepts() {
        try {
            LookupResult found = presented == Presented.ID ? node.find(ADMIN.tenant(), id) : node.find(token);
            ApiKey key = found.key();
            return key != null && key.stateAt(Instant.EPOCH) == ApiKey.State.ACTIVE;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** Commits a revocation, whose writer now waits, or dies. */
    void revocationCommits() {
        store.revoke(ADMIN.tenant(), id, new Revocation(fixture.now(), StoredValues.holder(), ""));
    }

    void later(Duration by) {
        hand.later(by);
    }

    /** Commits a change of another key, which the node hears of. */
    void anotherWriteCommits() {
        database.revoke(
                TenantId.of("south"), KeyId.of("another"), new Revocation(fixture.now(), StoredValues.holder(), ""));
    }

    void beatAfterALapse() {
        later(RevisionPoller.LEASE);
        heart.poll();
    }

    /** As long as a writer waits, with the node beating. */
    void beatAsLongAsAWriterWaits() {
        for (int i = 0; i < 5; i++) {
            later(WAIT.dividedBy(5));
            heart.poll();
        }
    }

    /** {@return a copy of the database as it is, which follows it no further} */
    InMemoryKeyStore standby() {
        InMemoryKeyStore copy = new InMemoryKeyStore();
        copy.insert(issued, KeyStore.UNLIMITED, fixture.now());
        copy.insert(imported, KeyStore.UNLIMITED, fixture.now());
        copy.openChangeFeed(RevisionPoller.LEASE).close();
        return copy;
    }

    private Lease lease(MonotonicTime by) {
        return new Lease(by) {
            @Override
            boolean holds() {
                Runnable happens = beforeLease;
                beforeLease = () -> {};
                happens.run();
                return super.holds();
            }

            @Override
            synchronized void extend(long from, Duration by) {
                super.extend(from, by);
                Runnable happens = afterExtension;
                afterExtension = () -> {};
                happens.run();
            }
        };
    }

    KeyCache entries(int most) {
        return new KeyCache(most);
    }

    RevisionPoller heart(KeyStore of, MonotonicTime by, Lease until, KeyCache what, CacheCounters counted) {
        return new RevisionPoller(of, by, until, what, counted);
    }

    CachingKeyFinder node(StoreKeyFinder lookUp, KeyFingerprints names, StaleLookupGuard stale) {
        return new CachingKeyFinder(lookUp, names, lease, entries, counters, stale);
    }

    StaleLookupGuard stale(CacheCounters counted) {
        return new StaleLookupGuard(hand, counted);
    }

    Function<Digest, LookupSnapshot> lookUps(KeyStore of) {
        return of::findByDigest;
    }

    WriteResult written(WriteResult answer) {
        return answer;
    }

    Changes poll(Changes answer) {
        return answer;
    }

    /** The database, in which the subclasses' faults and the steps of other threads happen. */
    private final class StagedStore extends ForwardingKeyStore {

        @Override
        protected KeyStore delegate() {
            return database;
        }

        @Override
        public WriteResult insert(StoredKey key, int maxActiveKeys, Instant now) {
            return written(super.insert(key, maxActiveKeys, now));
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
            return heartbeat();
        }

        private KeyStore lookupTarget() {
            InMemoryKeyStore lagging = replica;
            return lagging == null ? database : lagging;
        }

        private LookupSnapshot lookedUp(LookupSnapshot answer) {
            Runnable happens = afterLookUp;
            afterLookUp = () -> {};
            happens.run();
            return answer;
        }
    }

    private ChangeFeed heartbeat() {
        return new ChangeFeed() {
            @Override
            public Changes poll(long applied, int limit) {
                Changes answer = Stage.this.poll(
                        database.openChangeFeed(RevisionPoller.LEASE).poll(applied, Math.min(limit, page)));
                Runnable happens = afterPoll;
                afterPoll = () -> {};
                happens.run();
                return answer;
            }

            @Override
            public void close() {}
        };
    }
}
