package dev.keywright.core.management;

import dev.keywright.Scopes;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host's limits for the keys that people may have without the permission to manage keys.
 *
 * @param scopes the scopes that such a key may have
 * @param maxLifetime the maximum lifetime of such a key; null for that of all keys
 * @param permitted which sessions may have keys of their own
 */
public record OwnKeyLimits(Scopes scopes, @Nullable Duration maxLifetime, Predicate<ManagementSession> permitted) {}
