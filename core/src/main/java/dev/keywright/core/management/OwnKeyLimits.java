package dev.keywright.core.management;

import dev.keywright.Scopes;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host's limits for the keys that people may have without the permission to manage keys.
 *
 * @param scopes the scopes that such a key may have
 * @param environments the environments in which such a key may be issued; null for all, and for formats without one
 * @param permitsAttributes whether people may set attributes, which each verification returns to the host
 * @param maxLifetime the maximum lifetime of such a key; null for that of all keys
 * @param maxActiveKeys the maximum number of active keys of an owner
 * @param permitted which sessions may have keys of their own
 */
public record OwnKeyLimits(
        Scopes scopes,
        @Nullable Set<String> environments,
        boolean permitsAttributes,
        @Nullable Duration maxLifetime,
        int maxActiveKeys,
        Predicate<ManagementSession> permitted) {}
