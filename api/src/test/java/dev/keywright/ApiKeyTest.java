package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.spi.StoredValues;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyTest {

    private static final Instant END = Instant.parse("2025-04-01T12:00:00Z");
    private static final Revocation REVOCATION = new Revocation(END, StoredValues.holder(), "leaked");

    private static final KeyUsage USAGE = new KeyUsage(END, 7, Set.of(Scope.of("read:people")));

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
    void isActiveUntilItsEndAndNotAtIt() {
        ApiKey ending = key.toBuilder().expiresAt(END).build();

        assertThat(key.stateAt(Instant.MAX)).isEqualTo(ApiKey.State.ACTIVE);
        assertThat(ending.stateAt(END.minusMillis(1))).isEqualTo(ApiKey.State.ACTIVE);
        assertThat(ending.stateAt(END)).isEqualTo(ApiKey.State.EXPIRED);
    }

    @Test
    void isRevokedAtEveryInstantOnceItIs() {
        ApiKey revoked = key.toBuilder().expiresAt(END).revocation(REVOCATION).build();

        assertThat(revoked.stateAt(Instant.EPOCH)).isEqualTo(ApiKey.State.REVOKED);
        assertThat(revoked.stateAt(END.plusSeconds(1))).isEqualTo(ApiKey.State.REVOKED);
    }

    @Test
    void cutsInstantsToWholeMilliseconds() {
        ApiKey fine = key.toBuilder().expiresAt(END.plusNanos(1_999_999)).build();

        assertThat(fine.createdAt()).isEqualTo(Instant.parse("2025-03-10T00:00:00.123Z"));
        assertThat(fine.expiresAt()).contains(END.plusMillis(1));
        assertThat(new Revocation(END.plusNanos(1), StoredValues.holder(), "").at())
                .isEqualTo(END);
    }

    @Test
    void equalsWhatSaysTheSameInEveryRespect() {
        assertThat(key.toBuilder().build()).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(key)
                .isNotEqualTo(key.toBuilder().id(KeyId.of("key02")).build())
                .isNotEqualTo(key.toBuilder().tenant(TenantId.of("south")).build())
                .isNotEqualTo(key.toBuilder().name(KeyName.of("other")).build())
                .isNotEqualTo(key.toBuilder().hint("0000").build())
                .isNotEqualTo(key.toBuilder().scopes(Scopes.of("write:people")).build())
                .isNotEqualTo(key.toBuilder().createdAt(END).build())
                .isNotEqualTo(key.toBuilder().createdBy(StoredValues.holder()).build())
                .isNotEqualTo(key.toBuilder().expiresAt(END).build())
                .isNotEqualTo(key.toBuilder().revocation(REVOCATION).build())
                .isNotEqualTo(key.toBuilder().version(2).build())
                .isNotEqualTo(key.toBuilder().predecessor(KeyId.of("key00")).build())
                .isNotEqualTo(key.toBuilder().successor(KeyId.of("key02")).build())
                .isNotEqualTo(key.toBuilder().usage(USAGE).build());
        ApiKey whole = key.toBuilder()
                .version(3)
                .expiresAt(END)
                .revocation(REVOCATION)
                .predecessor(KeyId.of("key00"))
                .successor(KeyId.of("key02"))
                .usage(USAGE)
                .build();
        assertThat(whole.toBuilder().build()).isEqualTo(whole);
    }

    @Test
    void isOfTheFirstVersionUnlessSomebodySaysAnother() {
        assertThat(key.version()).isEqualTo(1);
    }

    @Test
    void usageIsAtLeastOneUseInWholeMilliseconds() {
        assertThat(new KeyUsage(END.plusNanos(1), 1, Set.of()).lastUsedAt()).isEqualTo(END);
        assertThatThrownBy(() -> new KeyUsage(END, 0, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cannotBeMadeWithoutItsParts() {
        assertThatThrownBy(() -> ApiKey.builder().build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("id");
    }

    @Test
    void doesNotPrintTheNameThatAnybodyMayHaveChosen() {
        assertThat(key).hasToString("ApiKey[key01 of north, hint o5p6, read:people]");
    }

    @Test
    void aReasonForARevocationIsShortAndPlain() {
        assertThatThrownBy(() -> Revocation.of(END, StoredValues.holder(), "x".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reason must not be longer than 200 characters");
        assertThatThrownBy(() -> Revocation.of(END, StoredValues.holder(), "a\nb"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
