package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyVerifier;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.internal.ValueAccess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies keys.
 *
 * <ol>
 *   <li>What is not recognised is malformed; what is not found is unknown.
 *   <li>A key that was revoked, or has ended, or lacks the scope, is rejected for the first of these.
 *   <li>What is accepted is counted as a use, unless it is only checked; what is rejected is told to the listeners.
 * </ol>
 */
public final class DefaultKeyVerifier implements KeyVerifier {

    private final StoreKeyFinder lookUp;
    private final KeyFinder finder;
    private final CoarseClock time;
    private final UsageBuffer uses;
    private final EventPublisher events;

    public DefaultKeyVerifier(
            StoreKeyFinder lookUp, KeyFinder finder, CoarseClock time, UsageBuffer uses, EventPublisher events) {
        this.lookUp = lookUp;
        this.finder = finder;
        this.time = time;
        this.uses = uses;
        this.events = events;
    }

    @Override
    public boolean recognizes(@Nullable String token) {
        return lookUp.recognizes(token);
    }

    @Override
    public Verification verify(@Nullable String token) {
        return verification(token, null, true);
    }

    @Override
    public Verification verify(@Nullable String token, Scope required) {
        return verification(token, Objects.requireNonNull(required), true);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A rejection is told to the listeners as any other: they are throttled by tenant and reason, so a stream that goes on to ask
     * floods nothing.
     */
    @Override
    public Verification recheck(Verified earlier) {
        ApiKey before = earlier.key();
        LookupResult found = finder.find(before.tenant(), before.id());
        ApiKey key = found.key();
        if (key == null) {
            return told(ValueAccess.get().unknown());
        }
        Rejected rejected = rejected(found, key, null, time.millisFor(found));
        return rejected == null ? found.verified() : told(rejected);
    }

    @Override
    public Verification check(@Nullable String token) {
        return verification(token, null, false);
    }

    private Verification verification(@Nullable String token, @Nullable Scope required, boolean isUse) {
        LookupResult found = finder.find(token);
        ApiKey key = found.key();
        if (key == null) {
            return told(
                    found.recognized()
                            ? ValueAccess.get().unknown()
                            : ValueAccess.get().malformed());
        }
        long now = time.millisFor(found);
        Rejected rejected = rejected(found, key, required, now);
        if (rejected != null) {
            return told(rejected);
        }
        if (isUse) {
            uses.record(found, required, now);
        }
        return found.verified();
    }

    private static @Nullable Rejected rejected(LookupResult found, ApiKey key, @Nullable Scope required, long now) {
        if (found.isRevoked()) {
            return ValueAccess.get().revoked(key);
        }
        if (found.isExpiredAt(now)) {
            return ValueAccess.get().expired(key);
        }
        return required == null || found.allows(required)
                ? null
                : ValueAccess.get().missingScope(key, required);
    }

    /** Whoever presented the key is not told why it is rejected; whoever runs the host is. */
    private Rejected told(Rejected rejected) {
        events.rejected(rejected);
        return rejected;
    }
}
