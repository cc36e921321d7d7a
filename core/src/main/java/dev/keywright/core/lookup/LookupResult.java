package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.Verified;
import dev.keywright.internal.ValueAccess;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Result of looking for a key. What each verification asks of the key is worked out once and stands here: with many keys, each
 * further place in memory is what costs. Immutable.
 */
public class LookupResult {

    /** The text has not the shape of a key, so that the store was not asked. */
    public static final LookupResult NOT_RECOGNIZED = new LookupResult(false, null, Long.MAX_VALUE);

    private final boolean recognized;
    private final @Nullable ApiKey key;
    private final long revision;
    private final boolean revoked;
    private final long expiryMillis;
    private final @Nullable Scopes scopes;
    private final @Nullable Verified verified;

    /**
     * Takes what was found.
     *
     * @param recognised whether the text may be a key, so that it was looked for
     * @param key the key; null where there is none
     * @param revision the revision of the snapshot that the store answered from; of several, the least
     */
    public LookupResult(boolean recognised, @Nullable ApiKey key, long revision) {
        this.recognized = recognised;
        this.key = key;
        this.revision = revision;
        this.scopes = key == null ? null : key.scopes();
        this.revoked = key != null && key.revocation().isPresent();
        this.expiryMillis =
                key == null ? 0 : key.expiresAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        this.verified = key == null ? null : ValueAccess.get().verified(key);
    }

    /** Whether the text may be a key, so that it was looked for. */
    public final boolean recognized() {
        return recognized;
    }

    /** {@return the key, in whatever state it is; null where there is none} */
    final @Nullable public ApiKey key() {
        return key;
    }

    /** {@return the revision of the snapshot that the store answered from} */
    public final long revision() {
        return revision;
    }

    /** {@return the tenant of the key; there must be one} */
    public final TenantId tenant() {
        return Objects.requireNonNull(key).tenant();
    }

    /** {@return the id of the key; there must be one} */
    public final KeyId id() {
        return Objects.requireNonNull(key).id();
    }

    /** Whether somebody has revoked the key that was found. */
    final boolean isRevoked() {
        return revoked;
    }

    /** Whether it has an end, so that it matters what time it is. */
    final boolean expires() {
        return expiryMillis != Long.MAX_VALUE;
    }

    /** Whether its end has come. */
    final boolean isExpiredAt(long millis) {
        return millis >= expiryMillis;
    }

    /** Whether it has a scope, exactly. */
    final boolean allows(Scope scope) {
        return scopes != null && scopes.contains(scope);
    }

    /** {@return what is answered where the key that was found may be used} */
    final Verified verified() {
        return Objects.requireNonNull(verified);
    }
}
