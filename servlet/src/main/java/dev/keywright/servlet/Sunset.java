package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.Verification;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells whoever uses a key that it has an end, in the header {@code Sunset} (RFC 8594): all that answers to this key will
 * then answer no more.
 */
final class Sunset {

    /** An IMF-fixdate (RFC 9110, section 5.6.7), in no other language and no other calendar than its own. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Sunset() {}

    /** Says nothing where a key does not work any more: nobody learns from it that the key ever existed. */
    static void announce(Verification verification, HttpServletResponse response) {
        Optional<ApiKey> working = verification.fold(
                verified -> Optional.of(verified.key()),
                rejected -> rejected.missingScope().flatMap(scope -> rejected.key()));
        // Without its milliseconds: rather a moment too early than one too late.
        working.flatMap(ApiKey::expiresAt).ifPresent(end -> response.setHeader("Sunset", DATE.format(end)));
    }
}
