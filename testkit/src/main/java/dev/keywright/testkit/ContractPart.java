package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.NOW;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyUsage;
import dev.keywright.TenantId;
import dev.keywright.management.KeyQuery;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageStore;
import dev.keywright.spi.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Base class of the parts of {@link KeyStoreContract}: the store under test, sample keys, and short forms of its calls. */
abstract class ContractPart {

    private static final int PAGE = 500;

    final SampleKeys samples = new SampleKeys();
    KeyStore store;

    private final Supplier<KeyStore> supplier;

    ContractPart(Supplier<KeyStore> supplier) {
        this.supplier = supplier;
    }

    @BeforeEach
    final void takeStore() {
        store = supplier.get();
    }

    /** Returns the usage store; skips the test if the store has none. */
    final UsageStore usage() {
        Optional<UsageStore> usage = store.usageStore();
        assumeTrue(usage.isPresent(), "the store keeps no usage");
        return usage.get();
    }

    /** Runs a part of a test that needs a usage store, if the store has one; the rest of the test is not skipped. */
    final void ifUsageIsKept(Consumer<UsageStore> part) {
        store.usageStore().ifPresent(part);
    }

    /** Inserts a key without a limit, and returns the stored row. */
    final StoredKey stored(StoredKey key) {
        return store.insert(key, ActiveKeyLimits.UNLIMITED, NOW).key().orElseThrow();
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

    /** Inserts keys in one batch, and returns the rows that have their digests. */
    final List<StoredKey> insertedAll(List<StoredKey> keys) {
        return insertAll(keys).stream()
                .map(result -> result.key().orElseThrow())
                .toList();
    }

    /** Inserts keys in one batch, each without other digests. */
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

    /** Lists a page of the keys of all creators. */
    final List<StoredKey> list(
            TenantId tenant, ApiKey.@Nullable State state, Instant now, @Nullable ListPosition after, int limit) {
        return store.list(KeySelection.of(tenant, inState(state), now, limit).after(after));
    }

    /** Returns the query for the keys of a state; null for any. */
    static KeyQuery inState(ApiKey.@Nullable State state) {
        if (state == null) {
            return KeyQuery.all();
        }
        return switch (state) {
            case ACTIVE -> KeyQuery.active();
            case EXPIRED -> KeyQuery.expired();
            case REVOKED -> KeyQuery.revoked();
        };
    }

    /** Returns the position of a key in the order of creation. */
    static ListPosition position(StoredKey key) {
        return ListPosition.at(key.key().createdAt(), key.insertRevision());
    }

    /** Returns the present row of a key, with its usage. */
    final StoredKey inStore(StoredKey key) {
        return find(key.key().tenant(), key.key().id()).orElseThrow();
    }

    final Optional<KeyUsage> usageOf(StoredKey key) {
        return inStore(key).key().usage();
    }

    /** Returns all keys of a tenant, in any state. */
    final List<StoredKey> allOf(TenantId tenant) {
        List<StoredKey> all = new ArrayList<>();
        @Nullable ListPosition after = null;
        List<StoredKey> page;
        do {
            page = list(tenant, null, NOW, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? null : position(page.get(page.size() - 1));
        } while (page.size() == PAGE);
        return all;
    }

    /** Takes a revision, by inserting a key, and returns it. */
    final long revisionNow() {
        return inserted(SampleKeys.SOUTH).insertRevision();
    }
}
