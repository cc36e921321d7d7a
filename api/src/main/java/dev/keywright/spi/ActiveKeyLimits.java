package dev.keywright.spi;

/**
 * Maximum numbers of active keys of a tenant and of an owner, after a key is {@linkplain KeyStore#insert inserted}, with that
 * key. Keys with an active successor do not count: their successors count.
 *
 * @param maxOfTenant the maximum number in the tenant of the key; {@link Integer#MAX_VALUE} for no limit
 * @param maxOfOwner the maximum number in that tenant with the owner of the key; {@link Integer#MAX_VALUE} for no limit, which it
 *     MUST be for a key without an owner
 */
public record ActiveKeyLimits(int maxOfTenant, int maxOfOwner) {

    /** No limits. */
    public static final ActiveKeyLimits UNLIMITED = ofTenant(Integer.MAX_VALUE);

    /**
     * {@return limits of the tenant only}
     *
     * @param keys the maximum number; {@link Integer#MAX_VALUE} for no limit
     */
    public static ActiveKeyLimits ofTenant(int keys) {
        return new ActiveKeyLimits(keys, Integer.MAX_VALUE);
    }

    /** {@return whether the keys of the tenant must be counted} */
    public boolean limitsTenant() {
        return maxOfTenant != Integer.MAX_VALUE;
    }

    /** {@return whether the keys of the owner must be counted} */
    public boolean limitsOwner() {
        return maxOfOwner != Integer.MAX_VALUE;
    }
}
