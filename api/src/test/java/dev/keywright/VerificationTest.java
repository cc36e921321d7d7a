package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.management.Job;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerificationTest {

    private static final Scope READ = Scope.of("read:people");
    private static final Scope WRITE = Scope.of("write:people");

    private final ApiKey key = ApiKey.builder()
            .id(KeyId.of("key01"))
            .tenant(TenantId.of("north"))
            .name(KeyName.of("Reporting Script"))
            .hint("o5p6")
            .scopes(Scopes.of(READ.value()))
            .createdAt(Instant.EPOCH)
            .createdBy(Actor.job(new Job("test")))
            .build();
    private final Verification verified = Verified.of(key);
    private final Verification rejected = Rejected.missingScope(key, WRITE);

    @Test
    void foldAppliesTheFunctionOfTheCase() {
        assertThat(verified.<String>fold(v -> v.tenant().value(), r -> "no")).isEqualTo("north");
        assertThat(rejected.<String>fold(
                        v -> "yes", r -> r.missingScope().orElseThrow().value()))
                .isEqualTo("write:people");
    }

    @Test
    void nullFunctionIsRefusedInBothCases() {
        assertThatThrownBy(() -> verified.fold(v -> "yes", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> rejected.fold(null, r -> "no")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> verified.orElseThrow(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void orElseThrowGivesTheKeyOrTheCallersException() throws Exception {
        assertThat(verified.orElseThrow(r -> new Exception("no"))).isSameAs(verified);
        assertThatThrownBy(
                        () -> rejected.orElseThrow(r -> new Exception(r.reason().name())))
                .isExactlyInstanceOf(Exception.class)
                .hasMessage("MISSING_SCOPE");
    }

    @Test
    void verifiedKeyAllowsExactlyItsScopes() {
        Verified v = Verified.of(key);

        assertThat(v.allows(READ)).isTrue();
        assertThat(v.allows(WRITE)).isFalse();
    }

    @Test
    void rejectionHasTheKeyIfItExists() {
        assertThat(Rejected.malformed().key()).isEmpty();
        assertThat(Rejected.unknown().key()).isEmpty();
        assertThat(Rejected.revoked(key).key()).contains(key);
        assertThat(Rejected.expired(key).missingScope()).isEmpty();
        assertThat(Rejected.missingScope(key, WRITE).missingScope()).contains(WRITE);
    }
}
