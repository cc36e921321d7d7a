package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the host allows for all keys, whoever manages them.
 *
 * @param scopeCatalog the scopes that keys can be issued with
 * @param maxActiveKeys how many active keys a tenant may have
 * @param normal how long a key lives where nobody says; null for as long as it may
 * @param longest how long a key may live; null for ever
 */
public record IssuePolicy(
        ScopeCatalog scopeCatalog,
        int maxActiveKeys,
        @Nullable Duration normal,
        @Nullable Duration longest) {

    /** The last instant that every database and JSON reader can take: a year of four digits. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** {@return when a key ends that is issued now} */
    Optional<Instant> expiry(NewKey request, Instant now) {
        return expiry(request.expiresAt(now), now);
    }

    /**
     * {@return when a key ends that begins now}
     *
     * @throws InvalidRequestException for the field {@code expiresAt}, if that is further away than the longest lifetime
     */
    Optional<Instant> expiry(Optional<Instant> asked, Instant now) {
        if (asked.isEmpty()) {
            return normalLifetime().map(now::plus);
        }
        if (longest != null && asked.get().isAfter(now.plus(longest))) {
            throw new InvalidRequestException(Field.EXPIRES_AT, "must not lie after " + now.plus(longest));
        }
        return asked;
    }

    /** {@return when the successor of a key expires: after the lifetime that the old one was issued with, within today's maximum} */
    Optional<Instant> successorExpiry(ApiKey old, Instant now) {
        if (old.lifetime().isEmpty()) {
            return Optional.ofNullable(longest).map(now::plus);
        }
        Duration lifetime = old.lifetime().get();
        Duration allowed = longest == null || lifetime.compareTo(longest) < 0 ? lifetime : longest;
        boolean tooLong = allowed.compareTo(Duration.between(now, LATEST)) > 0;
        return Optional.of(tooLong ? LATEST : now.plus(allowed));
    }

    private Optional<Duration> normalLifetime() {
        return Optional.ofNullable(normal == null ? longest : normal);
    }
}
