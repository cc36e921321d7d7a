package dev.keywright.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.TenantId;
import dev.keywright.UserId;
import org.junit.jupiter.api.Test;

class ManagementSessionTest {

    private final ManagementSession session = ManagementSession.of(TenantId.of("north"), UserId.of("ada"));

    @Test
    void hasNoRolesOrPermissionsByDefault() {
        assertThat(session.roles()).isEmpty();
        assertThat(session.permissions()).isEmpty();
    }

    @Test
    void addingRolesAndPermissionsReturnsANewSession() {
        ManagementSession more = session.withRoles("Office")
                .withRoles("Mentor", "Office", "Mentor")
                .withPermissions("Settings");

        assertThat(more.roles()).containsExactlyInAnyOrder("Office", "Mentor");
        assertThat(more.permissions()).containsExactly("Settings");
        assertThat(more.tenant()).isEqualTo(session.tenant());
        assertThat(more.user()).isEqualTo(session.user());
        assertThat(session.roles()).isEmpty();
    }
}
