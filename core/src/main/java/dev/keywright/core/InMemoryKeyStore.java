package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys in the memory of one process, and forgets them with it: for tests, and for trying things out. Safe for use by
 * many threads.
 */
public final class InMemoryKeyStore implements KeyStore {

    private static final Comparator<StoredKey> OLDEST_FIRST =
            Comparator.comparing((StoredKey stored) -> stored.key().createdAt()).thenComparing(StoredKey::insertedAt);

    private final Map<KeyId, StoredKey> byId = new HashMap<>();
    private final Map<Digest, KeyId> ids = new HashMap<>();
    private long revision;

    /** An empty store. */
    public InMemoryKeyStore() {}

    @Override
    public synchronized Written insert(StoredKey key) {
        if (byId.containsKey(key.key().id()) || ids.containsKey(key.digest())) {
            throw new DuplicateKey();
        }
        revision++;
        ids.put(key.digest(), key.key().id());
        return written(key.revised(revision, revision));
    }

    @Override
    public synchronized Written revoke(TenantId tenant, KeyId id, Revocation revocation) {
        revision++;
        Optional<StoredKey> there = find(tenant, id);
        if (there.isEmpty() || there.get().key().revocation().isPresent()) {
            return new Written(there, false, revision, Duration.ZERO);
        }
        StoredKey stored = there.get();
        ApiKey revoked = stored.key().toBuilder().revocation(revocation).build();
        return written(stored.changed(revoked, revision));
    }

    private Written written(StoredKey key) {
        byId.put(key.key().id(), key);
        return new Written(Optional.of(key), true, revision, Duration.ZERO);
    }

    @Override
    public synchronized Optional<StoredKey> findByDigest(Digest digest) {
        return Optional.ofNullable(ids.get(digest)).map(byId::get);
    }

    @Override
    public synchronized Optional<StoredKey> find(TenantId tenant, KeyId id) {
        return Optional.ofNullable(byId.get(id))
                .filter(stored -> stored.key().tenant().equals(tenant));
    }

    @Override
    public synchronized List<StoredKey> listActive(TenantId tenant, Instant now, @Nullable StoredKey after, int limit) {
        return byId.values().stream()
                .filter(stored -> stored.key().tenant().equals(tenant))
                .filter(activeAt(now))
                .filter(stored -> after == null || OLDEST_FIRST.compare(stored, after) > 0)
                .sorted(OLDEST_FIRST)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Map<PepperId, Long> countActiveByPepper(Instant now) {
        return byId.values().stream()
                .filter(activeAt(now))
                .collect(Collectors.groupingBy(StoredKey::pepper, Collectors.counting()));
    }

    private static Predicate<StoredKey> activeAt(Instant now) {
        return stored -> stored.key().stateAt(now) == ApiKey.State.ACTIVE;
    }
}
