package dev.keywright.core;

import dev.keywright.Scopes;
import dev.keywright.core.management.OwnKeyLimits;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The limits within which people may have keys of their own, without the permission to manage keys.
 *
 * <pre>{@code
 * builder.ownKeys(OwnKeyPolicy.upTo("read:people").maxLifetime(Duration.ofDays(30)))
 * }</pre>
 *
 * <p>Immutable: each method returns a new policy.
 */
public final class OwnKeyPolicy {

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
        return new OwnKeyPolicy(new OwnKeyLimits(Scopes.of(scopes), null, session -> true));
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
                limits.scopes(), KeywrightBuilder.checked("maxLifetime", lifetime), limits.permitted()));
    }

    /**
     * Sets which sessions may have keys of their own. Default: all.
     *
     * @param permitted whether a session may have keys of its own; evaluated for each call, by many threads
     * @return a new policy
     */
    public OwnKeyPolicy permitting(Predicate<ManagementSession> permitted) {
        return new OwnKeyPolicy(
                new OwnKeyLimits(limits.scopes(), limits.maxLifetime(), Objects.requireNonNull(permitted)));
    }

    OwnKeyLimits limits() {
        return limits;
    }
}
