package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import java.time.Duration;

/** The keys that one person owns, managed under an authority that covers no others. */
final class DefaultOwnKeys implements ManagedKeys {

    private final KeyOwner owner;
    private final Authority authority;
    private final OwnKeyLimits limits;
    private final KeyReader reader;
    private final KeyIssuer issuer;
    private final KeyRevoker revoker;

    /**
     * Creates the view of one owner's keys.
     *
     * @param authority covers the keys of the owner only, and may give keys to no other owner
     * @param issuer issues keys within the limits
     */
    DefaultOwnKeys(
            KeyOwner owner,
            Authority authority,
            OwnKeyLimits limits,
            KeyReader reader,
            KeyIssuer issuer,
            KeyRevoker revoker) {
        this.owner = owner;
        this.authority = authority;
        this.limits = limits;
        this.reader = reader;
        this.issuer = issuer;
        this.revoker = revoker;
    }

    @Override
    public IssuedKey issue(NewKey request) {
        request.owner().ifPresent(authority::requireOwnable);
        if (!limits.permitsAttributes() && !request.attributes().asMap().isEmpty()) {
            throw new InvalidRequestException(
                    Field.ATTRIBUTES, "must not be set for an API key of your own; ask an administrator");
        }
        return issuer.issue(authority, request.ownedBy(owner));
    }

    @Override
    public KeyPage<ApiKey> list(KeyQuery query) {
        query.owner().ifPresent(authority::requireOwnable);
        return reader.page(authority.tenant(), query.ownedBy(owner));
    }

    @Override
    public ApiKey get(KeyId id) {
        return reader.get(authority, id);
    }

    @Override
    public Rotation rotate(KeyId id, Duration overlap) {
        return issuer.rotate(authority, id, overlap);
    }

    @Override
    public Rotation rotate(KeyId id, Duration overlap, String prefix) {
        return issuer.rotate(authority, id, overlap, prefix);
    }

    @Override
    public ApiKey completeRotation(KeyId id) {
        revoker.requireCovered(authority, id);
        return revoker.completeRotation(authority, id);
    }

    @Override
    public ApiKey revoke(KeyId id, String reason) {
        revoker.requireCovered(authority, id);
        return revoker.revoke(authority, id, reason);
    }
}
