package dev.keywright.examples.portal;

import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.ManagementSession;
import java.util.List;

/**
 * Somebody who is signed in for as long as the portal runs.
 *
 * @param name what they are called
 * @param session what they are to the library: a tenant, a user, roles and permissions
 */
record DemoPerson(String name, ManagementSession session) {

    static final TenantId NORTH = TenantId.of("north");
    static final TenantId SOUTH = TenantId.of("south");

    /** An Admin may manage API keys, and so may an office manager, whose role carries Settings; a mentor may not. */
    static List<DemoPerson> all() {
        return List.of(
                new DemoPerson("Admin", session(NORTH, "north-admin", "Admin")),
                new DemoPerson(
                        "Office",
                        session(NORTH, "north-office", "Office manager").withPermissions("Settings")),
                new DemoPerson("Mentor", session(NORTH, "north-mentor", "Mentor")),
                new DemoPerson("Admin", session(SOUTH, "south-admin", "Admin")));
    }

    private static ManagementSession session(TenantId district, String user, String role) {
        return ManagementSession.of(district, UserId.of(user)).withRoles(role);
    }
}
