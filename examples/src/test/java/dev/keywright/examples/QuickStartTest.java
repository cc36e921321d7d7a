package dev.keywright.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the quick start of the README; {@link ReadmeTest} compares the code. */
class QuickStartTest {

    private final byte[] secret = new byte[32];

    @BeforeEach
    void createPepper() {
        new SecureRandom().nextBytes(secret);
    }

    @Test
    void codeOfTheReadmeWorks() throws Refused {
        // readme:start
        KeyStore store = new InMemoryKeyStore(); // or JdbcKeyStore.on(dataSource)
        ScopeCatalog scopes =
                ScopeCatalog.of("read:people", "list and get people").and("write:people", "change people");
        ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(scopes)
                .pepper(Pepper.of(secret))
                .build();

        ManagementSession session =
                ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin");
        NewKey request = NewKey.named("Reporting Script").allowing("read:people");
        IssuedKey issued = keys.managedBy(session).issue(request);
        String token = issued.secret().reveal(); // ck_…, show it to its owner once

        Verified caller = keys.verify(token, Scope.of("read:people")).orElseThrow(Refused::new);
        TenantId district = caller.tenant(); // the tenant whose data the caller may see
        keys.managedBy(session).revoke(issued.key().id(), "no longer needed"); // rejected from now on, on every node
        // readme:end

        assertThat(district).isEqualTo(session.tenant());
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> keys.verify(token, Scope.of("read:people")).orElseThrow(Refused::new))
                .withMessage("REVOKED");
    }

    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(Rejected rejected) {
            super(rejected.reason().name());
        }
    }
}
