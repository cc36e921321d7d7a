package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.Verification;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The response header {@code Sunset} (RFC 8594): the expiry of the key, from which on its requests are rejected.
 */
final class SunsetHeader {

    /** IMF-fixdate (RFC 9110, section 5.6.7), independent of the default locale. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private SunsetHeader() {}

    /** Sets the header for active keys only: otherwise it would reveal that a key once existed. */
    static void set(Verification verification, HttpServletResponse response) {
        Optional<ApiKey> active = verification.fold(
                verified -> Optional.of(verified.key()),
                rejected -> rejected.missingScope().flatMap(scope -> rejected.key()));
        // The format truncates to seconds, so that the header is never later than the expiry.
        active.flatMap(ApiKey::expiresAt).ifPresent(expiry -> response.setHeader("Sunset", DATE.format(expiry)));
    }
}
