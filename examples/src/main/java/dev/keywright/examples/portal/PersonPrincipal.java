package dev.keywright.examples.portal;

import dev.keywright.management.ManagementSession;
import java.io.Serializable;
import java.security.Principal;

/**
 * Principal of a signed-in person.
 *
 * @param session the session
 */
record PersonPrincipal(ManagementSession session) implements Principal, Serializable {

    @Override
    public String getName() {
        return session.user().value();
    }
}
