package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.Verified;
import dev.keywright.core.usage.UsageCounter;
import dev.keywright.internal.ValueAccess;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Result of a lookup. The properties that each verification reads are copied from the key into one object, so that a
 * verification among many keys has no cache miss for each property. Immutable and thread-safe.
 */
public final class LookupResult implements KeyFinder.Result {

    /** Result for a text that does not have the shape of a key; the store was not asked. */
    public static final LookupResult NOT_RECOGNIZED = new LookupResult(false, null, Long.MAX_VALUE);

    private final boolean recognized;
    private final @Nullable ApiKey key;
    private final long revision;

    /** Whether the key is revoked or suspended: one flag, so that a verification of an accepted key reads no more than that. */
    private final boolean blocked;

    private final long expiryMillis;
    private final @Nullable Scopes scopes;
    private final @Nullable Verified verified;

    /**
     * Creates the result for a text that may be a key.
     *
     * @param key the key; null if there is none
     * @param revision the revision of the store's snapshot; the lowest of several
     */
    public LookupResult(@Nullable ApiKey key, long revision) {
        this(true, key, revision);
    }

    private LookupResult(boolean recognized, @Nullable ApiKey key, long revision) {
        this.recognized = recognized;
        this.key = key;
        this.revision = revision;
        this.scopes = key == null ? null : key.scopes();
        this.blocked =
                key != null && (key.revocation().isPresent() || key.suspension().isPresent());
        this.expiryMillis =
                key == null ? 0 : key.expiresAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        this.verified = key == null ? null : ValueAccess.get().verified(key);
    }

    /** {@return this result} */
    @Override
    public LookupResult lookupResult() {
        return this;
    }

    /** {@return null: the store answered} */
    @Override
    public @Nullable UsageCounter usageCounter() {
        return null;
    }

    /** Whether the text may be a key, so that it was looked up. */
    public boolean recognized() {
        return recognized;
    }

    /** {@return the key, whatever its state; null if there is none} */
    public @Nullable ApiKey key() {
        return key;
    }

    /** {@return the revision of the store's snapshot} */
    public long revision() {
        return revision;
    }

    /** {@return the tenant of the key, which must be present} */
    public TenantId tenant() {
        return Objects.requireNonNull(key).tenant();
    }

    /** {@return the id of the key, which must be present} */
    public KeyId id() {
        return Objects.requireNonNull(key).id();
    }

    /** Whether the key is revoked or suspended. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether the key expires at some time, so that the exact time matters. */
    boolean expires() {
        return expiryMillis != Long.MAX_VALUE;
    }

    boolean isExpiredAt(long millis) {
        return millis >= expiryMillis;
    }

    /** Whether the key has exactly this scope. */
    boolean allows(Scope scope) {
        return scopes != null && scopes.contains(scope);
    }

    /** {@return the verification of an active key, which must be present} */
    Verified verified() {
        return Objects.requireNonNull(verified);
    }
}
