package dev.keywright.management;

import java.util.Map;
import java.util.Objects;

/** Number of keys that depend on a pepper. A pepper without active keys can be removed. */
public final class PepperUsage {

    /** Role of a pepper on a node. */
    public enum Role {
        /** Keys are issued and verified under it. */
        ISSUING,
        /** Keys are verified under it. */
        ACCEPTED,
        /** It is not configured: its keys are rejected. */
        MISSING
    }

    private final String pepper;
    private final Role role;
    private final long activeKeys;
    private final Map<String, Long> imported;

    private PepperUsage(String pepper, Role role, long activeKeys, Map<String, Long> imported) {
        this.pepper = Objects.requireNonNull(pepper, "pepper");
        this.role = Objects.requireNonNull(role, "role");
        this.activeKeys = activeKeys;
        this.imported = Map.copyOf(imported);
    }

    /**
     * Creates a result.
     *
     * @param pepper the pepper's id
     * @param role the role of the pepper on this node
     * @param activeKeys the number of active keys under it, of all tenants, including imported ones
     * @param imported the number of these that were imported, by the prefix of their format. Once none is left under a
     *     prefix of issued keys, keys without check characters need no longer be accepted
     * @return the result
     */
    public static PepperUsage of(String pepper, Role role, long activeKeys, Map<String, Long> imported) {
        return new PepperUsage(pepper, role, activeKeys, imported);
    }

    /** {@return the pepper's id} */
    public String pepper() {
        return pepper;
    }

    /** {@return the role of the pepper on this node} */
    public Role role() {
        return role;
    }

    /** {@return the number of active keys under it, of all tenants, including imported ones} */
    public long activeKeys() {
        return activeKeys;
    }

    /**
     * {@return the number of these that were imported, by the prefix of their format. Once none is left under a prefix of
     * issued keys, keys without check characters need no longer be accepted}
     */
    public Map<String, Long> imported() {
        return imported;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PepperUsage that
                && pepper.equals(that.pepper)
                && role.equals(that.role)
                && activeKeys == that.activeKeys
                && imported.equals(that.imported);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pepper, role, activeKeys, imported);
    }

    @Override
    public String toString() {
        return "PepperUsage[pepper=" + pepper + ", role=" + role + ", activeKeys=" + activeKeys + ", imported="
                + imported + "]";
    }
}
