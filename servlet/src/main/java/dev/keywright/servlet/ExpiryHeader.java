package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.Verification;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Response header with the expiry of the key of a request, from which on its requests are rejected. Truncated to seconds, so that it
 * is never later than the expiry.
 */
public enum ExpiryHeader {

    /**
     * {@code API-Key-Expires}, a date-time of RFC 3339 in UTC: {@code 2025-04-05T06:07:08Z}. The name is Keywright's own and not
     * registered.
     */
    API_KEY_EXPIRES("API-Key-Expires", "uuuu-MM-dd'T'HH:mm:ss'Z'"),

    /**
     * {@code Sunset} (RFC 8594), an HTTP date: {@code Sat, 05 Apr 2025 06:07:08 GMT}. By the RFC it describes the resource, which some
     * clients and gateways report as the end of the API.
     */
    SUNSET("Sunset", "EEE, dd MMM uuuu HH:mm:ss 'GMT'");

    private final String header;
    private final DateTimeFormatter format;

    ExpiryHeader(String header, String pattern) {
        this.header = header;
        // Independent of the default locale.
        this.format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** Sets headers for active keys only: otherwise they would reveal that a key once existed. */
    static void set(Set<ExpiryHeader> headers, Verification verification, HttpServletResponse response) {
        Optional<ApiKey> active = verification.fold(
                verified -> Optional.of(verified.key()),
                rejected -> rejected.missingScope().flatMap(scope -> rejected.key()));
        active.flatMap(ApiKey::expiresAt).ifPresent(expiry -> headers.forEach(header -> header.set(expiry, response)));
    }

    private void set(Instant expiry, HttpServletResponse response) {
        response.setHeader(header, format.format(expiry));
    }
}
