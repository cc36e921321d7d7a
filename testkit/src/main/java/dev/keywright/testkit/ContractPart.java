package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NOW;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of {@link KeyStoreContract} have in common: the store, and keys to put into it. */
abstract class ContractPart {

    private static final int PAGE = 500;

    final SampleKeys samples = new SampleKeys();
    KeyStore store;

    private final Supplier<KeyStore> made;

    ContractPart(Supplier<KeyStore> made) {
        this.made = made;
    }

    @BeforeEach
    final void takeStore() {
        store = made.get();
    }

    /** {@return the usage store; aborts the test if the store keeps no usage} */
    final UsageStore usage() {
        Optional<UsageStore> usage = store.usageStore();
        assumeTrue(usage.isPresent(), "the store keeps no usage");
        return usage.get();
    }

    /** Inserts a key, however many there are. */
    final StoredKey stored(StoredKey key) {
        return store.insert(key, KeyStore.UNLIMITED, NOW).key().orElseThrow();
    }

    final StoredKey stored(ApiKey.Builder key) {
        return stored(samples.unsaved(key));
    }

    final StoredKey inserted(TenantId tenant) {
        return stored(samples.unsaved(tenant));
    }

    final List<StoredKey> inserted(TenantId tenant, int count) {
        List<StoredKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(inserted(tenant));
        }
        return keys;
    }

    /** Inserts many keys at once, and gives the rows that now have their digests. */
    final List<StoredKey> insertedAll(List<StoredKey> keys) {
        return insertAll(keys).stream()
                .map(written -> written.key().orElseThrow())
                .toList();
    }

    /** Inserts many keys at once, each of which is known by its own digest alone. */
    final List<WriteResult> insertAll(List<StoredKey> keys) {
        return store.insertAll(
                keys.stream().map(key -> new ImportCandidate(key, List.of())).toList());
    }

    final Optional<StoredKey> byDigest(Digest digest) {
        return store.findByDigest(digest).key();
    }

    final Optional<StoredKey> find(TenantId tenant, KeyId id) {
        return store.find(tenant, id).key();
    }

    /** Lists a page of the keys that anyone created. */
    final List<StoredKey> list(
            TenantId tenant, ApiKey.@Nullable State state, Instant now, @Nullable ListPosition after, int limit) {
        return store.list(tenant, state, null, now, after, limit);
    }

    /** {@return a key as the store has it now, usage included} */
    final StoredKey inStore(StoredKey key) {
        return find(key.key().tenant(), key.key().id()).orElseThrow();
    }

    final Optional<KeyUsage> usageOf(StoredKey key) {
        return inStore(key).key().usage();
    }

    /** {@return all keys of a tenant, in whatever state} */
    final List<StoredKey> allOf(TenantId tenant) {
        List<StoredKey> all = new ArrayList<>();
        @Nullable ListPosition after = null;
        List<StoredKey> page;
        do {
            page = list(tenant, null, NOW, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? null : page.get(page.size() - 1).position();
        } while (page.size() == PAGE);
        return all;
    }

    /** {@return the next revision less one} */
    final long revisionNow() {
        return inserted(SampleKeys.SOUTH).insertRevision();
    }
}
