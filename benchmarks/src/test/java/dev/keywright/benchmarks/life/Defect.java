package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.WriteResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What could be wrong with a store, or with what stands between it and those who use keys. */
enum Defect {
    LOOK_UPS_ARE_REMEMBERED("findByDigest") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            return memory.computeIfAbsent(given[0], digest -> store.findByDigest((Digest) digest));
        }
    },
    THE_VERSION_IS_NOT_LOOKED_AT("change") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ApiKey changed = (ApiKey) given[0];
            long now = store.find(changed.tenant(), changed.id())
                    .key()
                    .orElseThrow()
                    .key()
                    .version();
            return store.change(StoredValues.keyBuilder(changed).version(now).build(), (Instant) given[1]);
        }
    },
    A_ROTATED_KEY_GOES_ON("replace") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ApiKey endless = StoredValues.keyBuilder(((ApiKey) given[0]))
                    .expiresAt(null)
                    .revocation(null)
                    .build();
            return store.replace(endless, (StoredKey) given[1], (Instant) given[2]);
        }
    },
    A_REVOCATION_IS_NOT_WRITTEN("revoke") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            Optional<StoredKey> key =
                    store.find((TenantId) given[0], (KeyId) given[1]).key();
            return key.map(there -> WriteResult.changed(revoked(there, (Revocation) given[2]), 0, Duration.ZERO))
                    .orElseGet(() -> WriteResult.unchanged(key, 0, Duration.ZERO));
        }

        private StoredKey revoked(StoredKey there, Revocation revocation) {
            ApiKey.Builder key = StoredValues.keyBuilder(there.key())
                    .version(there.key().version() + 1)
                    .revocation(revocation);
            return there.key().revocation().isPresent() ? there : there.changed(key.build(), 0);
        }
    },
    REVOKE_ALL_MISSES_THE_NEWEST_KEY("revokeAll") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            TenantId tenant = (TenantId) given[0];
            Revocation revocation = (Revocation) given[1];
            List<StoredKey> all = store.list(tenant, null, null, revocation.at(), null, Integer.MAX_VALUE);
            long changed = all.subList(0, Math.max(0, all.size() - 1)).stream()
                    .filter(key ->
                            store.revoke(tenant, key.key().id(), revocation).changed())
                    .count();
            return BulkWriteResult.of(changed, 0, Duration.ZERO);
        }
    },
    PAGES_OVERLAP("list") {
        @Override
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            ListPosition after = (ListPosition) given[4];
            ListPosition before =
                    after == null ? null : new ListPosition(after.createdAt(), after.insertRevision() - 1);
            return store.list(
                    (TenantId) given[0],
                    (ApiKey.State) given[1],
                    (Actor) given[2],
                    (Instant) given[3],
                    before,
                    (Integer) given[5]);
        }
    },
    USES_ARE_WRITTEN_TWICE("recordUses") {
        @Override
        @SuppressWarnings("unchecked")
        Object answer(KeyStore store, Object[] given, Map<Object, Object> memory) {
            store.usageStore().orElseThrow().recordUsage((List<UsageDelta>) given[0]);
            store.usageStore().orElseThrow().recordUsage((List<UsageDelta>) given[0]);
            return "nothing";
        }
    };

    private final String method;

    Defect(String method) {
        this.method = method;
    }

    /** What a call of the method comes to in place of what it should; the memory is empty at first. */
    abstract Object answer(KeyStore store, Object[] given, Map<Object, Object> memory);

    /** {@return the store with this defect} */
    KeyStore in(KeyStore store) {
        Map<Object, Object> memory = new ConcurrentHashMap<>();
        return (KeyStore) Proxy.newProxyInstance(
                KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, (proxy, called, given) -> {
                    if (called.getName().equals(method)) {
                        return answer(store, given, memory);
                    }
                    try {
                        return called.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
