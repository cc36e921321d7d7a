package dev.keywright.core;

import dev.keywright.ApiKeys;
import dev.keywright.ScopeCatalog;
import dev.keywright.Session;
import dev.keywright.StoreUnavailable;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
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

    private final KeyStore store;
    private @Nullable ScopeCatalog offered;
    private List<Pepper> peppers = List.of();
    private final Set<String> abandoned = new HashSet<>();
    private Clock clock = Clock.systemUTC();
    private @Nullable SecureRandom random;
    private Predicate<Session> mayManage =
            session -> session.roles().contains(ADMIN) || session.permissions().contains(SETTINGS);

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
    public Keywright offering(ScopeCatalog scopes) {
        this.offered = Objects.requireNonNull(scopes);
        return this;
    }

    /**
     * Says what digests are made with: keys are issued under the first pepper, and verified under all of them. A key stays
     * with the pepper it was issued under for as long as it lives.
     *
     * @param newest the pepper to issue keys under; {@link Pepper#none()} is a choice, too
     * @param older further ones, under which keys were issued before
     * @return this
     */
    public Keywright pepper(Pepper newest, Pepper... older) {
        this.peppers = Stream.concat(Stream.of(newest), Stream.of(older))
                .map(Objects::requireNonNull)
                .toList();
        return this;
    }

    /**
     * Gives up peppers that are lost: active keys that were issued under them no longer keep {@link #build} from starting.
     * They are refused as malformed, and can still be listed and revoked.
     *
     * @param pepperIds the ids of the peppers, as the refusal to start names them
     * @return this
     */
    public Keywright abandoning(String... pepperIds) {
        this.abandoned.addAll(Arrays.asList(pepperIds));
        return this;
    }

    /**
     * Says who may manage keys. By default it takes the role {@code Admin} or the permission {@code Settings}.
     *
     * @param rule whether a session may manage the keys of its tenant; asked each time, by many threads
     * @return this
     */
    public Keywright managedIf(Predicate<Session> rule) {
        this.mayManage = Objects.requireNonNull(rule);
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
     * Makes sure that no active key hangs on a pepper that was not given, and builds.
     *
     * @return the API keys in the store
     * @throws IllegalStateException if the scopes or the pepper were not said, or if there are active keys whose pepper is
     *     missing and not {@linkplain #abandoning abandoned}: each of them would be refused as malformed
     * @throws StoreUnavailable if the store cannot answer
     */
    public ApiKeys build() {
        if (offered == null) {
            throw new IllegalStateException("say which scopes are offered: offering(ScopeCatalog.of(…))");
        }
        if (peppers.isEmpty()) {
            throw new IllegalStateException("say which pepper digests are made with: pepper(Pepper.of(…)), or none()");
        }
        refuseMissingPeppers();
        RandomText draw = new RandomText(random == null ? new SecureRandom() : random);
        ManagedKeys.Means means = new ManagedKeys.Means(store, offered, peppers.get(0), clock, draw, LeaseWait.SYSTEM);
        return new StoreBackedKeys(new StoreVerifier(store, peppers, clock), mayManage, means);
    }

    private void refuseMissingPeppers() {
        Map<PepperId, Long> hanging = store.countActiveByPepper(clock.instant());
        List<PepperId> given = peppers.stream().map(Pepper::id).toList();
        hanging.forEach((pepper, keys) -> {
            if (!given.contains(pepper) && !abandoned.contains(pepper.value())) {
                throw new IllegalStateException("active keys: " + keys + " were issued under the pepper with the id "
                        + pepper + ", and the peppers given here are " + given
                        + "; give that pepper, or, if it is lost,"
                        + " say abandoning(\"" + pepper + "\")");
            }
        });
    }
}
