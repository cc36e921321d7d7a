package dev.keywright.core;

import dev.keywright.InvalidRequest;
import dev.keywright.KeyId;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.Written;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/** What it takes to manage keys, whoever's. */
record Means(
        KeyStore store,
        Policy policy,
        LookUp lookUp,
        Mint mint,
        Cursors cursors,
        Clock clock,
        LeaseWait leaseWait,
        Events events,
        Uses uses) {

    /** {@return the present, in whole milliseconds} */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Revokes a key, and tells of it. A revocation whose commit was not answered is made again: the row then says whether it
     * was the first one.
     */
    Written revoke(TenantId tenant, KeyId id, Revocation revocation) {
        Written written;
        boolean first;
        try {
            written = store.revoke(tenant, id, revocation);
            first = written.changed();
        } catch (OutcomeUnknown e) {
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

    /** Asks the store once more after a write whose outcome it does not know; if it cannot say, that stays unknown. */
    static <T> T again(OutcomeUnknown unknown, Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreUnavailable | OutcomeUnknown e) {
            unknown.addSuppressed(e);
            throw unknown;
        }
    }

    /** People paste keys into the wrong field; there it would be stored, and shown to everybody who sees the list. */
    void refuseKeyIn(String field, String text) {
        if (lookUp.isKeyIn(text)) {
            throw new InvalidRequest(field, "must not contain the text of an API key");
        }
    }
}
