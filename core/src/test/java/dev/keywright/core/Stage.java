package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.issue;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.IssuedKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.spi.Digest;
import dev.keywright.spi.Heartbeat;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Poll;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A node that caches, and whoever writes, in one thread: the test puts their steps in the order that it likes, by what it lets
 * happen in the middle of others. One key is issued, and each method can be overridden by one in which something is wrong.
 */
class Stage {

    static final Duration WAIT = Heart.LEASE.plus(Heart.LEASE.dividedBy(4));

    final HandTurnedTime hand = new HandTurnedTime();

    /** What happens once, in the middle of a step: before the lease is looked at, after a look-up, a poll, an extension. */
    Runnable beforeLease = () -> {};

    Runnable afterLookUp = () -> {};
    Runnable afterPoll = () -> {};

    Runnable afterExtension = () -> {};

    /** What happens between a put and the check after it; as it is built, there is no such moment. */
    Runnable afterPut = () -> {};

    InMemoryKeyStore database = new InMemoryKeyStore();
    private final Fixture fixture = new Fixture();
    final KeyStore store = (KeyStore)
            Proxy.newProxyInstance(Stage.class.getClassLoader(), new Class<?>[] {KeyStore.class}, this::onStore);

    private final CacheCounters counters = new CacheCounters();
    final Lease lease = lease(hand);
    final Entries entries = entries(100);
    final Heart heart = heart(store, hand, lease, entries, counters);
    final CoherentLookUp node;

    /** What manages keys, on another node without a cache, and waits by the same clock. */
    final ApiKeys writer;

    final KeyId id;
    final String token;

    Stage() {
        writer = fixture.builder(store).time(hand).build();
        IssuedKey issued = issue(writer.managedBy(ADMIN), "read:people");
        id = issued.key().id();
        token = issued.secret().reveal();
        LookUp lookUp = new LookUp(lookUps(store), new Peppers(PEPPER, List.of()), KeyFormats.NONE);
        node = node(lookUp, new TextNames(1, 2, 3, 4), lease, entries, counters);
        heart.beat();
    }

    /** Whether the node accepts the key, in a verification that begins now. */
    boolean accepts() {
        ApiKey key = node.find(token).key();
        return key != null && key.stateAt(Instant.EPOCH) == ApiKey.State.ACTIVE;
    }

    /** Commits a revocation, whose writer now waits, or dies. */
    void revocationCommits() {
        store.revoke(ADMIN.tenant(), id, new Revocation(fixture.now(), Actor.holder(), ""));
    }

    void later(Duration by) {
        hand.later(by);
    }

    /** As long as a writer waits, with the node beating. */
    void beatAsLongAsAWriterWaits() {
        for (int i = 0; i < 5; i++) {
            later(WAIT.dividedBy(5));
            heart.beat();
        }
    }

    /** {@return a copy of the database as it is, which follows it no further} */
    InMemoryKeyStore standby() {
        InMemoryKeyStore copy = new InMemoryKeyStore();
        copy.insert(database.findByDigest(PEPPER.digest(token)).orElseThrow(), KeyStore.UNLIMITED, fixture.now());
        copy.beginCaching(Heart.LEASE).close();
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

    Entries entries(int most) {
        return new Entries(most);
    }

    Heart heart(KeyStore of, MonotonicTime by, Lease until, Entries what, CacheCounters counted) {
        return new Heart(of, by, until, what, counted);
    }

    CoherentLookUp node(LookUp lookUp, TextNames names, Lease until, Entries what, CacheCounters counted) {
        return new CoherentLookUp(lookUp, names, until, what, counted);
    }

    Function<Digest, Optional<StoredKey>> lookUps(KeyStore of) {
        return of::findByDigest;
    }

    Written written(Written answer) {
        return answer;
    }

    Poll poll(Poll answer) {
        return answer;
    }

    private Object onStore(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object answer = onDatabase(method, arguments);
        if (answer instanceof Written written) {
            return written(written);
        }
        if (method.getName().equals("findByDigest")) {
            Runnable happens = afterLookUp;
            afterLookUp = () -> {};
            happens.run();
        }
        return method.getName().equals("beginCaching") ? heartbeat() : answer;
    }

    private Object onDatabase(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(database, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Heartbeat heartbeat() {
        return new Heartbeat() {
            @Override
            public Poll poll(long applied, int limit) {
                Poll answer = Stage.this.poll(database.beginCaching(Heart.LEASE).poll(applied, limit));
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
