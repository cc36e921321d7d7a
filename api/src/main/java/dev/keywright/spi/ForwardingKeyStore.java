package dev.keywright.spi;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Store that forwards every call to another store; the base class for decorators. A decorator overrides the methods whose
 * behavior it changes, and inherits those that later versions add to {@link KeyStore}. The change feed and the usage store
 * are those of the delegate: a decorator that must see polls or usage overrides {@link #openChangeFeed} or {@link
 * #usageStore} too.
 */
public abstract class ForwardingKeyStore implements KeyStore {

    /** Creates a decorator. */
    protected ForwardingKeyStore() {}

    /**
     * Returns the store to forward to. Each forwarded call asks for it once.
     *
     * @return the delegate
     */
    protected abstract KeyStore delegate();

    @Override
    public WriteResult insert(StoredKey key, ActiveKeyLimits limits, Instant now) {
        return delegate().insert(key, limits, now);
    }

    @Override
    public List<WriteResult> insertAll(List<ImportCandidate> candidates) {
        return delegate().insertAll(candidates);
    }

    @Override
    public WriteResult change(ApiKey changed, Instant now) {
        return delegate().change(changed, now);
    }

    @Override
    public WriteResult replace(ApiKey changed, StoredKey successor, Instant now) {
        return delegate().replace(changed, successor, now);
    }

    @Override
    public WriteResult revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return delegate().revoke(tenant, id, revocation);
    }

    @Override
    public WriteResult suspend(TenantId tenant, KeyId id, Suspension suspension, Instant now) {
        return delegate().suspend(tenant, id, suspension, now);
    }

    @Override
    public WriteResult resume(TenantId tenant, KeyId id, Instant now) {
        return delegate().resume(tenant, id, now);
    }

    @Override
    public BulkWriteResult revokeAll(TenantId tenant, Revocation revocation) {
        return delegate().revokeAll(tenant, revocation);
    }

    @Override
    public BulkWriteResult revokeCreatedBy(TenantId tenant, Actor createdBy, Revocation revocation, int limit) {
        return delegate().revokeCreatedBy(tenant, createdBy, revocation, limit);
    }

    @Override
    public BulkWriteResult revokeOwnedBy(TenantId tenant, KeyOwner owner, Revocation revocation, int limit) {
        return delegate().revokeOwnedBy(tenant, owner, revocation, limit);
    }

    @Override
    public BulkWriteResult purge(Instant inactiveBefore, int limit) {
        return delegate().purge(inactiveBefore, limit);
    }

    @Override
    public BulkWriteResult purgeTenant(TenantId tenant, int limit) {
        return delegate().purgeTenant(tenant, limit);
    }

    @Override
    public void forgetEvictions(long revision) {
        delegate().forgetEvictions(revision);
    }

    @Override
    public Optional<UsageStore> usageStore() {
        return delegate().usageStore();
    }

    @Override
    public LookupSnapshot findByDigest(Digest digest) {
        return delegate().findByDigest(digest);
    }

    @Override
    public LookupSnapshot find(TenantId tenant, KeyId id) {
        return delegate().find(tenant, id);
    }

    @Override
    public List<StoredKey> list(KeySelection selection) {
        return delegate().list(selection);
    }

    @Override
    public Set<DigestOrigin> originsInUse(Instant now) {
        return delegate().originsInUse(now);
    }

    @Override
    public Map<DigestOrigin, Long> countByOrigin(Instant now) {
        return delegate().countByOrigin(now);
    }

    @Override
    public ChangeFeed openChangeFeed(Duration lease) {
        return delegate().openChangeFeed(lease);
    }
}
