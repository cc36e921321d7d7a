package dev.keywright.examples.portal;

import dev.keywright.management.ManagementSession;
import java.io.Serializable;
import java.security.Principal;

/**
 * A signed-in person, for the servlets behind the filter.
 *
 * @param session who they are
 */
record PersonPrincipal(ManagementSession session) implements Principal, Serializable {

    @Override
    public String getName() {
        return session.user().value();
    }
}
