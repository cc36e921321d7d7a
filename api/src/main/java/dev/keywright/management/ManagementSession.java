package dev.keywright.management;

import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verified;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A signed-in person, as authenticated by the host: the tenant, the user, roles and permissions.
 *
 * <p>Only the host creates one. The library never derives a session from an API key or its {@link Verified} outcome, so that
 * keys cannot manage keys.
 *
 * <p>Immutable. Serializable, so that a host can keep it in an HTTP session. A serialized session is as trusted as the host's
 * memory: write access to the stream is equivalent to signing in.
 */
public final class ManagementSession implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private final TenantId tenant;
    private final UserId user;

    @SuppressWarnings("serial") // An immutable set of the JDK, which is serializable; so are the permissions.
    private final Set<String> roles;

    @SuppressWarnings("serial")
    private final Set<String> permissions;

    private ManagementSession(TenantId tenant, UserId user, Set<String> roles, Set<String> permissions) {
        this.tenant = tenant;
        this.user = user;
        this.roles = roles;
        this.permissions = permissions;
    }

    /**
     * Creates a session without roles and permissions.
     *
     * @param tenant the tenant that the person acts for
     * @param user the person
     * @return the session
     */
    public static ManagementSession of(TenantId tenant, UserId user) {
        return new ManagementSession(Objects.requireNonNull(tenant), Objects.requireNonNull(user), Set.of(), Set.of());
    }

    /**
     * Adds roles.
     *
     * @param more the role names, compared exactly
     * @return a new session
     */
    public ManagementSession withRoles(String... more) {
        return new ManagementSession(tenant, user, union(roles, more), permissions);
    }

    /**
     * Adds permissions.
     *
     * @param more names of permissions, compared exactly
     * @return a new session
     */
    public ManagementSession withPermissions(String... more) {
        return new ManagementSession(tenant, user, roles, union(permissions, more));
    }

    @Serial
    private Object readResolve() {
        // A session belongs to a request, not to a stored key: the rules of a new tenant id apply.
        return new ManagementSession(
                TenantId.of(tenant.value()), Objects.requireNonNull(user), Set.copyOf(roles), Set.copyOf(permissions));
    }

    /** {@return the tenant that the person acts for} */
    public TenantId tenant() {
        return tenant;
    }

    /** {@return the person} */
    public UserId user() {
        return user;
    }

    /** {@return the person's roles} */
    public Set<String> roles() {
        return roles;
    }

    /** {@return the permissions of the person's roles} */
    public Set<String> permissions() {
        return permissions;
    }

    @Override
    public String toString() {
        return "ManagementSession[" + user + " in " + tenant + ", roles " + roles + ", permissions " + permissions
                + "]";
    }

    private static Set<String> union(Set<String> some, String... more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(Arrays.asList(more));
        return Set.copyOf(all);
    }
}
