package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.TenantId;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.PageCursor;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.KeySelection;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Read-only view of the store, for management. */
public final class KeyReader {

    private static final int PAGE = 500;

    private final KeyStore store;
    private final CursorCodec cursorCodec;
    private final Clock clock;

    public KeyReader(KeyStore store, CursorCodec cursorCodec, Clock clock) {
        this.store = store;
        this.cursorCodec = cursorCodec;
        this.clock = clock;
    }

    Optional<ApiKey> find(TenantId tenant, KeyId id) {
        return store.find(tenant, Objects.requireNonNull(id)).key().map(StoredKey::key);
    }

    ApiKey get(TenantId tenant, KeyId id) {
        return find(tenant, id).orElseThrow(KeyNotFoundException::new);
    }

    /** {@return the row of the key; empty if there is none that the authority covers} */
    Optional<StoredKey> findRow(Authority authority, KeyId id) {
        return store.find(authority.tenant(), Objects.requireNonNull(id))
                .key()
                .filter(row -> authority.covers(row.key()));
    }

    Optional<ApiKey> find(Authority authority, KeyId id) {
        return findRow(authority, id).map(StoredKey::key);
    }

    ApiKey get(Authority authority, KeyId id) {
        return find(authority, id).orElseThrow(KeyNotFoundException::new);
    }

    /** Passes each key of the tenant that is active now, oldest first, to the consumer. */
    void forEachActive(TenantId tenant, Consumer<StoredKey> consumer) {
        KeySelection next = KeySelection.of(tenant, KeyQuery.active(), clock.instant(), PAGE);
        List<StoredKey> page;
        do {
            page = store.list(next);
            page.forEach(consumer);
            next = page.isEmpty() ? next : next.after(next.positionOf(page.get(page.size() - 1)));
        } while (page.size() == PAGE);
    }

    KeyPage<ApiKey> page(TenantId tenant, KeyQuery query) {
        @Nullable ListPosition after = query.cursor()
                .map(cursor -> cursorCodec.read(cursor, tenant, query))
                .orElse(null);
        int limit = query.limit();
        // One more than the page has, to learn whether another page follows.
        KeySelection selection =
                KeySelection.of(tenant, query, clock.instant(), limit + 1).after(after);
        List<StoredKey> found = store.list(selection);
        List<StoredKey> page = found.size() > limit ? found.subList(0, limit) : found;
        Optional<PageCursor> next = found.size() > limit
                ? Optional.of(cursorCodec.write(selection.positionOf(page.get(limit - 1)), tenant, query))
                : Optional.empty();
        return new KeyPage<>(page.stream().map(StoredKey::key).toList(), next);
    }

    /** {@return how many keys of all tenants are active now, by the origin of their digests} */
    Map<DigestOrigin, Long> countByOrigin() {
        return store.countByOrigin(clock.instant());
    }
}
