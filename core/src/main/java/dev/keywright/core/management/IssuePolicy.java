package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyConflictException;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.ActiveKeyLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host's rules for all keys that are issued or imported.
 *
 * @param scopeCatalog the scopes that keys can be issued with
 * @param limits how many active keys there may be
 * @param defaultLifetime the lifetime of a key that is requested without an expiry; null for {@code maxLifetime}
 * @param maxLifetime the maximum lifetime of a key; null for no limit
 * @param containsKey whether a text contains the text of a key
 */
public record IssuePolicy(
        ScopeCatalog scopeCatalog,
        ActiveKeyLimits limits,
        @Nullable Duration defaultLifetime,
        @Nullable Duration maxLifetime,
        Predicate<String> containsKey) {

    /** The last instant that every database and JSON reader can represent: a year of four digits. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** {@return this policy within the limits of own keys, too} */
    IssuePolicy within(OwnKeyLimits own) {
        Duration max = shorter(maxLifetime, own.maxLifetime());
        Duration defaulted = defaultLifetime == null ? null : shorter(defaultLifetime, max);
        return new IssuePolicy(
                scopeCatalog,
                new ActiveKeyLimits(limits.maxOfTenant(), own.maxActiveKeys()),
                defaulted,
                max,
                containsKey);
    }

    /** {@return the failure of a request beyond the limits} That of an own key does not tell the limit of the tenant. */
    KeyConflictException tooManyKeys() {
        return new KeyConflictException(
                KeyConflictException.Rule.TOO_MANY_KEYS,
                limits.limitsOwner()
                        ? "you cannot have another API key: you own the maximum of " + limits.maxOfOwner()
                                + " active ones, or the tenant has its maximum; revoke one that is not needed, or ask an"
                                + " administrator"
                        : "the limit of " + limits.maxOfTenant()
                                + " active API keys is reached: revoke one that is not needed");
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    /** {@return the expiry of a key that is issued now} */
    Optional<Instant> expiry(NewKey request, Instant now) {
        return expiry(request.expiresAt(now), now);
    }

    /**
     * {@return the expiry of a key that is created now}
     *
     * @throws InvalidRequestException for the field {@code expiresAt}, if it exceeds the maximum lifetime
     */
    Optional<Instant> expiry(Optional<Instant> requested, Instant now) {
        if (requested.isEmpty()) {
            return Optional.ofNullable(defaultLifetime == null ? maxLifetime : defaultLifetime)
                    .map(now::plus);
        }
        if (maxLifetime != null && requested.get().isAfter(now.plus(maxLifetime))) {
            throw new InvalidRequestException(Field.EXPIRES_AT, "must not lie after " + now.plus(maxLifetime));
        }
        return requested;
    }

    /** {@return the expiry of a key's successor: the lifetime that the old key was issued with, within today's maximum} */
    Optional<Instant> successorExpiry(ApiKey old, Instant now) {
        if (old.lifetime().isEmpty()) {
            return Optional.ofNullable(maxLifetime).map(now::plus);
        }
        Duration lifetime = old.lifetime().get();
        Duration allowed = maxLifetime == null || lifetime.compareTo(maxLifetime) < 0 ? lifetime : maxLifetime;
        boolean tooLong = allowed.compareTo(Duration.between(now, LATEST)) > 0;
        return Optional.of(tooLong ? LATEST : now.plus(allowed));
    }

    static @Nullable Duration lifetime(Instant createdAt, Optional<Instant> expiresAt) {
        return expiresAt.map(instant -> Duration.between(createdAt, instant)).orElse(null);
    }

    /** Rejects a key that was pasted into the wrong field, where it would be stored and shown in lists. */
    void requireNoKeyIn(Field field, String text) {
        if (containsKey.test(text)) {
            throw new InvalidRequestException(field, "must not contain the text of an API key");
        }
    }

    /** Rejects attributes with the text of a key. The message names the attribute, unless its name is such a text. */
    void requireNoKeyIn(KeyAttributes attributes) {
        attributes.asMap().forEach((name, value) -> {
            requireNoKeyIn(Field.ATTRIBUTES, name);
            if (containsKey.test(value)) {
                throw new InvalidRequestException(
                        Field.ATTRIBUTES, "must not contain the text of an API key, as the value of " + name + " does");
            }
        });
    }
}
