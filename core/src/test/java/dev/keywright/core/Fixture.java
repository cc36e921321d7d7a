package dev.keywright.core;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verification;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.format.ImportTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.KeyStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/** Shared test fixture: two tenants, two peppers, and a clock that tests set. */
public final class Fixture {

    public static final ScopeCatalog OFFERED = ScopeCatalog.of("read:people", "list and get people")
            .and("write:people", "create and update people")
            .and("read:interviews", "list and get interviews");
    public static final Pepper PEPPER = pepper("one pepper of at least 32 bytes ...");
    public static final PepperKeys PEPPER_KEYS = PEPPER.keys();
    public static final KeyTextFormats FORMATS = KeyTextFormats.of(List.of(KeyFormat.DEFAULT.textFormat()));
    static final Pepper OTHER_PEPPER = pepper("quite another one of enough bytes ...");
    public static final ManagementSession ADMIN = admin("north");
    public static final ManagementSession SOUTHERN_ADMIN = admin("south");

    private Instant now = Instant.parse("2025-03-10T00:00:00.000999Z");

    /** Clock that returns the time set by {@link #at}. */
    final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    private Runnable maintenance = () -> {};

    public ApiKeys keysIn(KeyStore store) {
        return builder(store).build();
    }

    public KeywrightBuilder builder(KeyStore store) {
        return builder(store, PEPPER);
    }

    /** {@return a builder with other peppers} */
    KeywrightBuilder builder(KeyStore store, Pepper issuing, Pepper... accepted) {
        return builder(store, OFFERED, issuing, accepted);
    }

    /** {@return a builder with other scopes and peppers} */
    KeywrightBuilder builder(KeyStore store, ScopeCatalog scopes, Pepper issuing, Pepper... accepted) {
        return Keywright.builder()
                .store(store)
                .scopes(scopes)
                .pepper(issuing, accepted)
                .clock(clock)
                .maxActiveKeys(Integer.MAX_VALUE)
                .maintenanceScheduler(task -> maintenance = task);
    }

    /** {@return a builder with the monotonic time of a test} */
    public KeywrightBuilder builder(KeyStore store, MonotonicTime time) {
        return builder(store).monotonicTime(time);
    }

    /** Runs the maintenance of the instance that was built last. */
    public void runMaintenance() {
        maintenance.run();
    }

    public Instant now() {
        return now;
    }

    void at(Instant instant) {
        now = instant;
    }

    public void later(Duration by) {
        now = now.plus(by);
    }

    public static IssuedKey issue(TenantKeys keys, String... scopes) {
        return keys.issue(NewKey.named("Reporting Script").allowing(scopes));
    }

    /** {@return the reason why a key is rejected, or VERIFIED} */
    public static String outcome(Verification verification) {
        return verification.fold(
                verified -> "VERIFIED", rejected -> rejected.reason().name());
    }

    static Rejected rejected(Verification verification) {
        return verification.fold(
                verified -> {
                    throw new AssertionError("verified " + verified);
                },
                rejected -> rejected);
    }

    /** {@return the import format of a prefix and 32 hexadecimal digits, digested by SHA-256} */
    public static ImportTextFormat hexTexts(String prefix) {
        return ImportFormat.prefix(prefix)
                .alphabet("0123456789abcdef")
                .length(32)
                .digestOfText(ImportDigest.sha256())
                .textFormat();
    }

    private static Pepper pepper(String text) {
        return Pepper.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ManagementSession admin(String district) {
        return ManagementSession.of(TenantId.of(district), UserId.of("ada of " + district))
                .withRoles("Admin");
    }
}
