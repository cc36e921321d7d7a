package dev.keywright.core.management;

import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.management.ManagementSession;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host's rules for the sessions of people.
 *
 * @param management which sessions may manage the keys of their tenant
 * @param grant which scopes a session may grant
 * @param owner to which owners a session may give keys
 * @param ownKeys the limits for own keys; null if no session is permitted
 */
public record SessionPolicies(
        Predicate<ManagementSession> management,
        BiPredicate<ManagementSession, Scope> grant,
        BiPredicate<ManagementSession, KeyOwner> owner,
        @Nullable OwnKeyLimits ownKeys) {}
