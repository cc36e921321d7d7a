package dev.keywright.spi;

import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import java.util.Objects;

/**
 * How a key was used since that was last recorded.
 *
 * @param tenant whose key
 * @param id which key
 * @param usage when it was last used, how often more, and for which scopes
 */
public record UsageDelta(TenantId tenant, KeyId id, KeyUsage usage) {

    /**
     * Takes the parts.
     *
     * @param tenant whose key
     * @param id which key
     * @param usage how it was used
     */
    public UsageDelta {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(id);
        Objects.requireNonNull(usage);
    }
}
