package dev.keywright.examples.portal;

import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.ManagementSession;
import java.util.List;

/**
 * User who is signed in while the portal runs.
 *
 * @param name the display name
 * @param session the tenant, user id, roles and permissions
 */
record DemoPerson(String name, ManagementSession session) {

    static final TenantId NORTH = TenantId.of("north");
    static final TenantId SOUTH = TenantId.of("south");

    /** The permission to have API keys of one's own. */
    static final String OWN_API_KEYS = "Own API keys";

    /**
     * An Admin may manage API keys, and an office manager by the permission Settings; a teacher may have API keys of their own, and
     * a mentor none.
     */
    static List<DemoPerson> all() {
        return List.of(
                new DemoPerson("Admin", session(NORTH, "north-admin", "Admin")),
                new DemoPerson(
                        "Office",
                        session(NORTH, "north-office", "Office manager").withPermissions("Settings")),
                new DemoPerson(
                        "Teacher", session(NORTH, "north-teacher", "Teacher").withPermissions(OWN_API_KEYS)),
                new DemoPerson("Mentor", session(NORTH, "north-mentor", "Mentor")),
                new DemoPerson("Admin", session(SOUTH, "south-admin", "Admin")));
    }

    private static ManagementSession session(TenantId district, String user, String role) {
        return ManagementSession.of(district, UserId.of(user)).withRoles(role);
    }
}
