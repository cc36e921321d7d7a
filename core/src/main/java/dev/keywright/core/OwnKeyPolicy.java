package dev.keywright.core;

import dev.keywright.Scopes;
import dev.keywright.core.management.OwnKeyLimits;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The limits within which people may have keys of their own, without the permission to manage keys. A person sees all parts of
 * such a key, including attributes and reasons that managers wrote.
 *
 * <pre>{@code
 * builder.ownKeys(OwnKeyPolicy.upTo("read:people").maxLifetime(Duration.ofDays(30)))
 * }</pre>
 *
 * <p>Immutable: each method returns a new policy.
 */
public final class OwnKeyPolicy {

    private static final int DEFAULT_MAX_ACTIVE_KEYS = 10;
    private static final int MAX_MAX_ACTIVE_KEYS = 10_000;

    private final OwnKeyLimits limits;

    private OwnKeyPolicy(OwnKeyLimits limits) {
        this.limits = limits;
    }

    /**
     * Starts a policy with the scopes that own keys may have. The {@linkplain KeywrightBuilder#grantPolicy grant policy} applies to
     * them as well.
     *
     * @param scopes the scopes, as for {@link Scopes#of(String...)}
     * @return a policy that permits own keys to every session
     * @throws IllegalArgumentException if there is none, one twice, or one malformed
     */
    public static OwnKeyPolicy upTo(String... scopes) {
        return new OwnKeyPolicy(
                new OwnKeyLimits(Scopes.of(scopes), null, false, null, DEFAULT_MAX_ACTIVE_KEYS, session -> true));
    }

    /**
     * Sets the environments in which own keys may be issued and rotated. Default: all, and formats without one.
     *
     * @param environments the environments, each that of a {@linkplain KeywrightBuilder#formats format}; a person who names none
     *     gets the first format with one of them
     * @return a new policy
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public OwnKeyPolicy environments(String... environments) {
        if (environments.length == 0) {
            throw new IllegalArgumentException("environments must not be empty");
        }
        Set<String> distinct = new TreeSet<>();
        for (String environment : environments) {
            if (!distinct.add(environment)) {
                throw new IllegalArgumentException("environments must not have duplicates, had two of " + environment);
            }
        }
        return new OwnKeyPolicy(new OwnKeyLimits(
                limits.scopes(),
                Set.copyOf(distinct),
                limits.permitsAttributes(),
                limits.maxLifetime(),
                limits.maxActiveKeys(),
                limits.permitted()));
    }

    /**
     * Permits people to set attributes of their own keys. By default they may not, because a host may trust the attributes that a
     * verification returns, such as a plan or a customer. A rotation keeps those that a manager has set.
     *
     * @return a new policy
     */
    public OwnKeyPolicy permitAttributes() {
        return new OwnKeyPolicy(new OwnKeyLimits(
                limits.scopes(),
                limits.environments(),
                true,
                limits.maxLifetime(),
                limits.maxActiveKeys(),
                limits.permitted()));
    }

    /**
     * Sets the maximum lifetime of own keys. Default: {@linkplain KeywrightBuilder#maxLifetime that of all keys}, which limits own
     * keys too. A key that is requested without an expiry gets the default lifetime of all keys, or this one if it is shorter.
     *
     * @param lifetime 1 millisecond to 100 years
     * @return a new policy
     * @throws IllegalArgumentException if it is out of range
     */
    public OwnKeyPolicy maxLifetime(Duration lifetime) {
        return new OwnKeyPolicy(new OwnKeyLimits(
                limits.scopes(),
                limits.environments(),
                limits.permitsAttributes(),
                KeywrightBuilder.checked("maxLifetime", lifetime),
                limits.maxActiveKeys(),
                limits.permitted()));
    }

    /**
     * Sets how many active keys a person may own, including the one that is issued. Default: 10. Keys that managers gave to the
     * person count; managers are not limited. The keys count against the {@linkplain KeywrightBuilder#maxActiveKeys limit of the
     * tenant} as well. The limit is exact under concurrent issuing.
     *
     * @param keys the maximum, 1 to 10,000
     * @return a new policy
     * @throws IllegalArgumentException if it is out of range
     */
    public OwnKeyPolicy maxActiveKeys(int keys) {
        if (keys < 1 || keys > MAX_MAX_ACTIVE_KEYS) {
            throw new IllegalArgumentException(
                    "maxActiveKeys must be at least 1 and at most " + MAX_MAX_ACTIVE_KEYS + ", was " + keys);
        }
        return new OwnKeyPolicy(new OwnKeyLimits(
                limits.scopes(),
                limits.environments(),
                limits.permitsAttributes(),
                limits.maxLifetime(),
                keys,
                limits.permitted()));
    }

    /**
     * Sets which sessions may have keys of their own. Default: all.
     *
     * @param permitted whether a session may have keys of its own; evaluated for each call, by many threads
     * @return a new policy
     */
    public OwnKeyPolicy permittedFor(Predicate<ManagementSession> permitted) {
        return new OwnKeyPolicy(new OwnKeyLimits(
                limits.scopes(),
                limits.environments(),
                limits.permitsAttributes(),
                limits.maxLifetime(),
                limits.maxActiveKeys(),
                Objects.requireNonNull(permitted)));
    }

    OwnKeyLimits limits() {
        return limits;
    }
}
