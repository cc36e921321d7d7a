package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.spi.StoredValues;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyTest {

    private static final Instant EXPIRY = Instant.parse("2025-04-01T12:00:00Z");
    private static final Revocation REVOCATION = new Revocation(EXPIRY, StoredValues.holder(), "leaked");

    private static final KeyUsage USAGE = new KeyUsage(EXPIRY, 7, Set.of(Scope.of("read:people")));

    private final ApiKey key = ApiKey.builder()
            .id(KeyId.of("key01"))
            .tenant(TenantId.of("north"))
            .name(KeyName.of("Reporting Script"))
            .hint("o5p6")
            .scopes(Scopes.of("read:people"))
            .createdAt(Instant.parse("2025-03-10T00:00:00.123456789Z"))
            .createdBy(Actor.person(UserId.of("ada")))
            .build();

    @Test
    void activeBeforeExpiry_expiredAtExpiry() {
        ApiKey expiring = key.toBuilder().expiresAt(EXPIRY).build();

        assertThat(key.stateAt(Instant.MAX)).isEqualTo(ApiKey.State.ACTIVE);
        assertThat(expiring.stateAt(EXPIRY.minusMillis(1))).isEqualTo(ApiKey.State.ACTIVE);
        assertThat(expiring.stateAt(EXPIRY)).isEqualTo(ApiKey.State.EXPIRED);
    }

    @Test
    void revokedKey_isRevokedAtEveryInstant() {
        ApiKey revoked =
                key.toBuilder().expiresAt(EXPIRY).revocation(REVOCATION).build();

        assertThat(revoked.stateAt(Instant.EPOCH)).isEqualTo(ApiKey.State.REVOKED);
        assertThat(revoked.stateAt(EXPIRY.plusSeconds(1))).isEqualTo(ApiKey.State.REVOKED);
    }

    @Test
    void instantsAreTruncatedToMilliseconds() {
        ApiKey precise = key.toBuilder().expiresAt(EXPIRY.plusNanos(1_999_999)).build();

        assertThat(precise.createdAt()).isEqualTo(Instant.parse("2025-03-10T00:00:00.123Z"));
        assertThat(precise.expiresAt()).contains(EXPIRY.plusMillis(1));
        assertThat(new Revocation(EXPIRY.plusNanos(1), StoredValues.holder(), "").at())
                .isEqualTo(EXPIRY);
    }

    @Test
    void equalityIncludesEveryPart() {
        assertThat(key.toBuilder().build()).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(key)
                .isNotEqualTo(key.toBuilder().id(KeyId.of("key02")).build())
                .isNotEqualTo(key.toBuilder().tenant(TenantId.of("south")).build())
                .isNotEqualTo(key.toBuilder().name(KeyName.of("other")).build())
                .isNotEqualTo(key.toBuilder().hint("0000").build())
                .isNotEqualTo(key.toBuilder().scopes(Scopes.of("write:people")).build())
                .isNotEqualTo(key.toBuilder().createdAt(EXPIRY).build())
                .isNotEqualTo(key.toBuilder().createdBy(StoredValues.holder()).build())
                .isNotEqualTo(key.toBuilder().expiresAt(EXPIRY).build())
                .isNotEqualTo(key.toBuilder().revocation(REVOCATION).build())
                .isNotEqualTo(key.toBuilder().version(2).build())
                .isNotEqualTo(key.toBuilder().predecessor(KeyId.of("key00")).build())
                .isNotEqualTo(key.toBuilder().successor(KeyId.of("key02")).build())
                .isNotEqualTo(key.toBuilder().usage(USAGE).build());
        ApiKey complete = key.toBuilder()
                .version(3)
                .expiresAt(EXPIRY)
                .revocation(REVOCATION)
                .predecessor(KeyId.of("key00"))
                .successor(KeyId.of("key02"))
                .usage(USAGE)
                .build();
        assertThat(complete.toBuilder().build()).isEqualTo(complete);
    }

    @Test
    void versionIsOneByDefault() {
        assertThat(key.version()).isEqualTo(1);
    }

    @Test
    void usageHasAtLeastOneUse_inWholeMilliseconds() {
        assertThat(new KeyUsage(EXPIRY.plusNanos(1), 1, Set.of()).lastUsedAt()).isEqualTo(EXPIRY);
        assertThatThrownBy(() -> new KeyUsage(EXPIRY, 0, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void builderRequiresMandatoryParts() {
        assertThatThrownBy(() -> ApiKey.builder().build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("id");
    }

    @Test
    void toStringOmitsTheUntrustedName() {
        assertThat(key).hasToString("ApiKey[key01 of north, hint o5p6, read:people]");
    }

    @Test
    void newRevocationRefusesLongOrMultilineReason() {
        assertThatThrownBy(() -> Revocation.of(EXPIRY, StoredValues.holder(), "x".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reason must not be longer than 200 characters");
        assertThatThrownBy(() -> Revocation.of(EXPIRY, StoredValues.holder(), "a\nb"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
