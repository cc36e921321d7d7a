package dev.keywright.management;

import java.util.Map;
import java.util.Objects;

/**
 * What hangs on a pepper: when nothing does, it can be taken away.
 *
 * @param pepper the pepper's id
 * @param role what the pepper is to this node
 * @param activeKeys how many active keys hang on it, of all tenants, imported ones among them
 * @param imported how many of these were imported, by the prefix of their format. Once none is left under {@code ck_},
 *     keys without check characters need no longer be accepted
 */
public record PepperUsage(String pepper, Role role, long activeKeys, Map<String, Long> imported) {

    /** What a pepper is to a node. */
    public enum Role {
        /** Keys are issued and verified under it. */
        ISSUING,
        /** Keys are verified under it. */
        ACCEPTED,
        /** It is not given: its keys are refused. */
        MISSING
    }

    /**
     * Takes the parts, and a copy of the map.
     *
     * @param pepper the pepper's id
     * @param role what it is to this node
     * @param activeKeys how many hang on it
     * @param imported how many of these were imported
     */
    public PepperUsage {
        Objects.requireNonNull(pepper);
        Objects.requireNonNull(role);
        imported = Map.copyOf(imported);
    }
}
