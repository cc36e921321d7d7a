package org.example.district;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import java.security.SecureRandom;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** Keys in an H2 database. */
class DistrictKeysTest {

    private static final Scope READ_PEOPLE = Scope.of(DistrictKeys.READ_PEOPLE);

    private final ManagementSession admin =
            ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin");

    @Test
    void keysIssuedOnOneNodeWorkAndRevokeOnAnother() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:district;DB_CLOSE_DELAY=-1");
        byte[] pepper = new byte[32];
        new SecureRandom().nextBytes(pepper);
        ApiKeys oneNode = DistrictKeys.in(database, pepper);
        ApiKeys otherNode = DistrictKeys.in(database, pepper);

        IssuedKey issued =
                oneNode.managedBy(admin).issue(NewKey.named("Reporting Script").allowing(DistrictKeys.READ_PEOPLE));
        String token = issued.secret().reveal();
        Verified verified = assertInstanceOf(Verified.class, otherNode.verify(token, READ_PEOPLE));
        assertEquals(admin.tenant(), verified.tenant());

        oneNode.managedBy(admin).revoke(issued.key().id(), "no longer needed");
        assertInstanceOf(Rejected.class, otherNode.verify(token, READ_PEOPLE));
    }
}
