package dev.keywright.core;

import dev.keywright.InvalidRequest;
import dev.keywright.spi.KeyStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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

    /** People paste keys into the wrong field; there it would be stored, and shown to everybody who sees the list. */
    void refuseKeyIn(String field, String text) {
        if (lookUp.isKeyIn(text)) {
            throw new InvalidRequest(field, "must not contain the text of an API key");
        }
    }
}
