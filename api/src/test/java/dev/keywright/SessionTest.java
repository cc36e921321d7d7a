package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTest {

    private final Session session = Session.of(TenantId.of("north"), UserId.of("ada"));

    @Test
    void hasNoRoleAndNoPermissionUnlessTheHostSaysSo() {
        assertThat(session.roles()).isEmpty();
        assertThat(session.permissions()).isEmpty();
    }

    @Test
    void gathersRolesAndPermissionsAndStaysAsItIsItself() {
        Session more = session.withRoles("Office")
                .withRoles("Mentor", "Office", "Mentor")
                .withPermissions("Settings");

        assertThat(more.roles()).containsExactlyInAnyOrder("Office", "Mentor");
        assertThat(more.permissions()).containsExactly("Settings");
        assertThat(more.tenant()).isEqualTo(session.tenant());
        assertThat(more.user()).isEqualTo(session.user());
        assertThat(session.roles()).isEmpty();
    }
}
