package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.ApiKeys;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reasons are sanitized; no reason prevents a revocation. */
class RevocationReasonTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final String LEGACY = "legacy_00112233445566778899aabbccddeeff";

    private final ApiKeys keys = new Fixture()
            .builder(new InMemoryKeyStore())
            .importFormat(ImportFormat.prefix("legacy_")
                    .alphabet("0123456789abcdef")
                    .length(32)
                    .digestOfText(ImportDigest.sha256()))
            .build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final IssuedKey issued = north.issue(REQUEST);

    static Stream<Arguments> reasons() {
        String key = "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6";
        String wide = "\uD83D\uDDDD"; // A key emoji: a surrogate pair.
        return Stream.of(
                arguments("", ""),
                arguments(" ", ""),
                arguments("\u200B\n", ""),
                arguments("left the district", "left the district"),
                arguments("two\r\nlines", "two  lines"),
                arguments("a\u0000b\u2028c\u202Ed\u2066e\uD800f", "a b c d e f"),
                arguments("found " + key + ".", "found …o5p6."),
                arguments("found " + key + "abcde", "found …o5p6abcde"),
                arguments(LEGACY + " and " + key, "…eeff and …o5p6"),
                arguments("x".repeat(200), "x".repeat(200)),
                arguments("x".repeat(201), "x".repeat(199) + "…"),
                arguments(wide.repeat(200), wide.repeat(200)),
                arguments(wide.repeat(201), wide.repeat(199) + "…"),
                // If it were truncated first, part of the key would remain.
                arguments("x".repeat(180) + key, "x".repeat(180) + "…o5p6"),
                arguments("x".repeat(100_000), "x".repeat(199) + "…"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void reasonIsSanitizedAndTheKeyRevoked(String reason, String stored) {
        keys.revokeByPossession(issued.secret(), reason);
        assertThat(storedFor(north, issued)).isEqualTo(stored);
    }

    @Test
    void eachKindOfRevocationSanitizesItsReason() {
        IssuedKey second = north.issue(REQUEST);
        north.revoke(issued.key().id(), "a\nb");
        north.revoke(List.of(second.key().id()), "a\nb");
        assertThat(storedFor(north, issued)).isEqualTo("a b");
        assertThat(storedFor(north, second)).isEqualTo("a b");

        TenantKeys south = keys.managedBy(SOUTHERN_ADMIN);
        IssuedKey third = south.issue(REQUEST);
        assertThat(south.revokeAll("a\nb")).isEqualTo(1);
        assertThat(storedFor(south, third)).isEqualTo("a b");
    }

    private static String storedFor(TenantKeys tenant, IssuedKey key) {
        return tenant.get(key.key().id()).revocation().orElseThrow().reason();
    }
}
