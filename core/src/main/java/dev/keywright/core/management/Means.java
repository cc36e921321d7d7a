package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.core.usage.UsageBuffer;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/** What it takes to manage keys, whoever's. */
public record Means(
        KeyStore store,
        IssuePolicy policy,
        StoreKeyFinder keyFinder,
        KeyGenerator keyGenerator,
        CursorCodec cursorCodec,
        Clock clock,
        RevocationBarrier barrier,
        EventPublisher events,
        UsageBuffer usageBuffer) {

    /** A key that cannot exist, since ids are drawn and begin with {@code key_}. */
    private static final KeyId NO_KEY = KeyId.of("nobodys");

    private static final TenantId NO_TENANT = TenantId.of("nobody");

    /** {@return the present, in whole milliseconds} */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Revokes a key, and tells of it. A revocation whose commit was not answered is made again: the row then says whether it
     * was the first one.
     */
    WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        WriteResult written;
        boolean first;
        try {
            written = store.revoke(tenant, id, revocation);
            first = written.changed();
        } catch (OutcomeUnknownException e) {
            written = again(e, () -> store.revoke(tenant, id, revocation));
            first = written.key()
                    .flatMap(stored -> stored.key().revocation())
                    .filter(revocation::equals)
                    .isPresent();
        }
        if (first) {
            events.revoked(written.key().orElseThrow().key());
        }
        return written;
    }

    /**
     * Makes a write that changes nothing. It comes after every write that was under way before, tells the lease, and fails
     * where any write fails.
     */
    WriteResult fence() {
        Revocation ofNothing = new Revocation(now(), StoredValues.holder(), "");
        try {
            return store.revoke(NO_TENANT, NO_KEY, ofNothing);
        } catch (OutcomeUnknownException e) {
            return again(e, () -> store.revoke(NO_TENANT, NO_KEY, ofNothing));
        }
    }

    /** {@return a revocation that is made now, whatever its reason} */
    Revocation revocation(Actor by, String reason) {
        return new ReasonSanitizer(keyFinder).revocation(now(), by, reason);
    }

    /** Asks the store once more after a write whose outcome it does not know; if it cannot say, that stays unknown. */
    static <T> T again(OutcomeUnknownException unknown, Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            unknown.addSuppressed(e);
            throw unknown;
        }
    }

    /** People paste keys into the wrong field; there it would be stored, and shown to everybody who sees the list. */
    void refuseKeyIn(Field field, String text) {
        if (keyFinder.isKeyIn(text)) {
            throw new InvalidRequestException(field, "must not contain the text of an API key");
        }
    }
}
