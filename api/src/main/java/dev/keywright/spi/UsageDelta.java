package dev.keywright.spi;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import java.util.Objects;

/**
 * Usage of a key since it was last recorded.
 *
 * @param tenant the tenant of the key
 * @param id the id of the key
 * @param usage the last use, the number of uses to add, and the used scopes
 */
public record UsageDelta(TenantId tenant, KeyId id, KeyUsage usage) {

    /**
     * Checks the parts.
     *
     * @param tenant the tenant
     * @param id the id
     * @param usage the usage
     */
    public UsageDelta {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(id);
        Objects.requireNonNull(usage);
    }
}
