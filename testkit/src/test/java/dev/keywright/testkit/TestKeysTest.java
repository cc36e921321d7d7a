package dev.keywright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.Secret;
import dev.keywright.TenantId;
import dev.keywright.Verification;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestKeysTest {

    private final TestKeys keys = TestKeys.offering("read:people", "write:people");

    @Test
    void anActiveKeyWorksForItsTenantAndItsScopesOnly() {
        Secret secret = keys.active("north", "read:people").secret();

        assertThat(verify(secret).orElseThrow(AssertionError::new).tenant()).isEqualTo(TenantId.of("north"));
        assertThat(reason(keys.apiKeys().verify(secret.reveal(), Scope.of("write:people"))))
                .isEqualTo("MISSING_SCOPE");
    }

    @Test
    void aKeyForWhichNoScopeIsSaidHasAllThatAreOffered() {
        assertThat(keys.active("north").key().scopes()).isEqualTo(Scopes.of("read:people", "write:people"));
    }

    @Test
    void aKeyIsRejectedForTheStateThatItWasMadeIn() {
        assertThat(reason(verify(keys.revoked("north").secret()))).isEqualTo("REVOKED");
        assertThat(reason(verify(keys.expired("north").secret()))).isEqualTo("EXPIRED");
        assertThat(reason(verify(keys.unknown()))).isEqualTo("UNKNOWN");
    }

    @Test
    void makingAnExpiredKeyLeavesTheClockAsItIs() {
        Instant before = keys.clock().instant();

        Secret secret = keys.expired("north").secret();

        assertThat(keys.clock().instant()).isEqualTo(before);
        keys.clock().advance(Duration.ofMillis(-1));
        assertThat(reason(verify(secret))).isEqualTo("VERIFIED");
    }

    @Test
    void anAdminSeesTheKeysOfTheirTenant() {
        keys.active("north");

        assertThat(keys.apiKeys().managedBy(keys.admin("north")).list()).hasSize(1);
        assertThat(keys.apiKeys().managedBy(keys.admin("south")).list()).isEmpty();
    }

    private Verification verify(Secret secret) {
        return keys.apiKeys().verify(secret.reveal());
    }

    private static String reason(Verification verification) {
        return verification.fold(
                verified -> "VERIFIED", rejected -> rejected.reason().name());
    }
}
