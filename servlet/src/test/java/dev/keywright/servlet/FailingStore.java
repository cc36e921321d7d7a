package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.ScopeCatalog;
import dev.keywright.TenantId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that fails as it is told to, and a real one until then. */
final class FailingStore implements KeyStore {

    private final KeyStore store = new InMemoryKeyStore();
    private volatile RuntimeException failure;

    void failWith(RuntimeException next) {
        failure = next;
    }

    ApiKeys apiKeys() {
        return Keywright.using(this)
                .offering(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none())
                .build();
    }

    @Override
    public Written insert(StoredKey key) {
        return orFail().insert(key);
    }

    @Override
    public Written revoke(TenantId tenant, KeyId id, Revocation revocation) {
        return orFail().revoke(tenant, id, revocation);
    }

    @Override
    public Optional<StoredKey> findByDigest(Digest digest) {
        return orFail().findByDigest(digest);
    }

    @Override
    public Optional<StoredKey> find(TenantId tenant, KeyId id) {
        return orFail().find(tenant, id);
    }

    @Override
    public List<StoredKey> listActive(TenantId tenant, Instant now, StoredKey after, int limit) {
        return orFail().listActive(tenant, now, after, limit);
    }

    @Override
    public Map<PepperId, Long> countActiveByPepper(Instant now) {
        return orFail().countActiveByPepper(now);
    }

    private KeyStore orFail() {
        if (failure != null) {
            throw failure;
        }
        return store;
    }
}
