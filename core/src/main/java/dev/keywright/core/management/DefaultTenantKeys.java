package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyReports;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The keys of one tenant, managed under one authority, which every call is made with. */
final class DefaultTenantKeys implements TenantKeys {

    private final Authority authority;
    private final KeyReader reader;
    private final KeyIssuer issuer;
    private final KeyEditor editor;
    private final KeyRevoker revoker;
    private final KeyReports reports;

    DefaultTenantKeys(
            Authority authority,
            KeyReader reader,
            KeyIssuer issuer,
            KeyEditor editor,
            KeyRevoker revoker,
            KeyReports reports) {
        this.authority = authority;
        this.reader = reader;
        this.issuer = issuer;
        this.editor = editor;
        this.revoker = revoker;
        this.reports = reports;
    }

    @Override
    public TenantId tenant() {
        return authority.tenant();
    }

    @Override
    public IssuedKey issue(NewKey request) {
        return issuer.issue(authority, request);
    }

    @Override
    public KeyPage<ApiKey> list(KeyQuery query) {
        return reader.page(tenant(), query);
    }

    @Override
    public ApiKey get(KeyId id) {
        return reader.get(authority, id);
    }

    @Override
    public ApiKey change(KeyId id, KeyChange change) {
        return editor.change(authority, id, change);
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
    public ApiKey suspend(KeyId id, String reason) {
        return revoker.suspend(authority, id, reason);
    }

    @Override
    public ApiKey resume(KeyId id) {
        return revoker.resume(authority, id);
    }

    @Override
    public long revokeOwnedBy(KeyOwner owner, String reason) {
        return revoker.revokeOwnedBy(authority, owner, reason);
    }

    @Override
    public ApiKey completeRotation(KeyId id) {
        return revoker.completeRotation(authority, id);
    }

    @Override
    public ApiKey revoke(KeyId id, String reason) {
        return revoker.revoke(authority, id, reason);
    }

    @Override
    public List<ApiKey> revoke(Collection<KeyId> ids, String reason) {
        return revoker.revoke(authority, ids, reason);
    }

    @Override
    public long revokeAll(String reason) {
        return revoker.revokeAll(authority, reason);
    }

    @Override
    public long revokeCreatedBy(UserId creator, String reason) {
        return revoker.revokeCreatedBy(authority, creator, reason);
    }

    @Override
    public KeyReports reports() {
        return reports;
    }
}
