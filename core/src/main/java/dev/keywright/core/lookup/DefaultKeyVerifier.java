package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyVerifier;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.core.usage.UsageCounter;
import dev.keywright.internal.ValueAccess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies keys.
 *
 * <ol>
 *   <li>A text that is not recognized is malformed; a text that is not found is unknown.
 *   <li>A key that is revoked, has expired, is suspended, or lacks the scope, is rejected for the first of these reasons.
 *   <li>An accepted key is counted as used, except by {@link #check} and {@link #recheck}; a rejection is published as an event.
 * </ol>
 */
public final class DefaultKeyVerifier implements KeyVerifier {

    private final KeyFinder keyFinder;
    private final CoarseClock clock;
    private final UsageBuffer usageBuffer;
    private final EventPublisher events;

    /** Creates a verifier of the keys that a finder finds. */
    public DefaultKeyVerifier(KeyFinder keyFinder, CoarseClock clock, UsageBuffer usageBuffer, EventPublisher events) {
        this.keyFinder = keyFinder;
        this.clock = clock;
        this.usageBuffer = usageBuffer;
        this.events = events;
    }

    @Override
    public boolean recognizes(@Nullable String token) {
        return keyFinder.recognizes(token);
    }

    @Override
    public Verification verify(@Nullable String token) {
        return verify(token, null, true);
    }

    @Override
    public Verification verify(@Nullable String token, Scope required) {
        return verify(token, Objects.requireNonNull(required), true);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Rejections are published like any other: events are throttled for each tenant and reason, so a caller that goes on to
     * recheck a revoked key causes no flood.
     */
    @Override
    public Verification recheck(Verified earlier) {
        ApiKey before = earlier.key();
        KeyFinder.Result result = keyFinder.find(before.tenant(), before.id());
        LookupResult found = result.lookupResult();
        ApiKey key = found.key();
        if (key == null) {
            return published(ValueAccess.get().unknown());
        }
        Rejected rejected = rejected(found, key, null, millisFor(found, result.usageCounter()));
        return rejected == null ? found.verified() : published(rejected);
    }

    @Override
    public Verification check(@Nullable String token) {
        return verify(token, null, false);
    }

    private Verification verify(@Nullable String token, @Nullable Scope required, boolean isUse) {
        KeyFinder.Result result = keyFinder.find(token);
        LookupResult found = result.lookupResult();
        ApiKey key = found.key();
        if (key == null) {
            return published(
                    found.recognized()
                            ? ValueAccess.get().unknown()
                            : ValueAccess.get().malformed());
        }
        UsageCounter cached = result.usageCounter();
        long now = millisFor(found, cached);
        Rejected rejected = rejected(found, key, required, now);
        if (rejected != null) {
            return published(rejected);
        }
        if (isUse) {
            if (cached == null) {
                usageBuffer.record(key.tenant(), key.id(), required, now);
            } else {
                usageBuffer.record(cached, required, now);
            }
        }
        return found.verified();
    }

    /** {@return the time of a verification; exact unless the key is cached and does not expire} */
    private long millisFor(LookupResult found, @Nullable UsageCounter cached) {
        return cached == null || found.expires() ? clock.millis() : clock.coarseMillis();
    }

    private static @Nullable Rejected rejected(LookupResult found, ApiKey key, @Nullable Scope required, long now) {
        if (found.isBlocked()) {
            return blocked(found, key, now);
        }
        if (found.isExpiredAt(now)) {
            return ValueAccess.get().expired(key);
        }
        return required == null || found.allows(required)
                ? null
                : ValueAccess.get().missingScope(key, required);
    }

    private static Rejected blocked(LookupResult found, ApiKey key, long now) {
        if (key.revocation().isPresent()) {
            return ValueAccess.get().revoked(key);
        }
        return found.isExpiredAt(now)
                ? ValueAccess.get().expired(key)
                : ValueAccess.get().suspended(key);
    }

    /** Publishes the reason, which the host sees and the client does not. */
    private Rejected published(Rejected rejected) {
        events.rejected(rejected);
        return rejected;
    }
}
