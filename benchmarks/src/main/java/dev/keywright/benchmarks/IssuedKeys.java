package dev.keywright.benchmarks;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.KeywrightBuilder;
import dev.keywright.core.Pepper;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fills stores with keys, and returns their texts. */
final class IssuedKeys {

    static final Scope SCOPE = Scope.of(Reference.SCOPE);

    /** A scope that no key has. */
    static final Scope OTHER_SCOPE = Scope.of("write:people");

    private static final ScopeCatalog OFFERED = ScopeCatalog.of(Reference.SCOPE, "list and get people");
    private static final Pepper PEPPER =
            Pepper.of("a pepper for benchmarks, which guards nothing".getBytes(StandardCharsets.US_ASCII));
    private static final int KEYS_PER_TENANT = 50;
    private static final int BATCH_SIZE = KeyStore.MAX_KEYS_PER_WRITE;

    private IssuedKeys() {}

    /**
     * {@return the usual configuration, without maintenance, which would interfere with a measurement, and without a limit of active keys,
     * for which an in-memory store counts all its keys}
     */
    static KeywrightBuilder on(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(OFFERED)
                .pepper(PEPPER)
                .maxActiveKeys(Integer.MAX_VALUE)
                .maintenanceScheduler(task -> {});
    }

    /** {@return the configuration without a pepper, so that a hand-written lookup can compute the digests} */
    static KeywrightBuilder unpepperedOn(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(OFFERED)
                .pepper(Pepper.none())
                .maintenanceScheduler(task -> {});
    }

    /** Issues keys to tenants of 50 keys each. */
    static KeyTexts issue(ApiKeys keys, int count) {
        KeyTexts texts = new KeyTexts(count);
        for (int i = 0; i < count; i++) {
            TenantKeys tenant =
                    keys.operatedBy(new Job("benchmark")).keysOf(TenantId.of("tenant-" + i / KEYS_PER_TENANT));
            texts.add(tenant.issue(NewKey.named("Reporting Script").allowing(Reference.SCOPE))
                    .secret()
                    .reveal());
        }
        return texts;
    }

    /** Issues keys, and revokes them. */
    static KeyTexts revoked(ApiKeys keys, int count) {
        TenantKeys tenant = anyTenant(keys);
        KeyTexts texts = new KeyTexts(count);
        for (int i = 0; i < count; i++) {
            texts.add(tenant.issue(NewKey.named("Reporting Script").allowing(Reference.SCOPE))
                    .secret()
                    .reveal());
        }
        tenant.revokeAll("for a benchmark");
        return texts;
    }

    /** {@return a tenant to which {@link #issue} gives no keys} */
    static TenantKeys anyTenant(ApiKeys keys) {
        return keys.operatedBy(new Job("benchmark")).keysOf(TenantId.of("any"));
    }

    /** Fills a store with keys without a pepper, in batches: a transaction for each key would take hours. */
    static KeyTexts fill(KeyStore store, int count) {
        KeyTexts texts = new KeyTexts(count);
        for (int from = 0; from < count; from += BATCH_SIZE) {
            KeyStore draft = new InMemoryKeyStore();
            try (ApiKeys keys = unpepperedOn(draft).build()) {
                KeyTexts issued = issue(keys, Math.min(BATCH_SIZE, count - from));
                List<ImportCandidate> rows = new ArrayList<>();
                for (int i = 0; i < issued.count(); i++) {
                    String text = issued.fresh(i);
                    rows.add(candidate(draft.findByDigest(Digest.of(Reference.sha256(text)))
                            .key()
                            .orElseThrow()));
                    texts.add(text);
                }
                store.insertAll(rows);
            }
        }
        return texts;
    }

    private static ImportCandidate candidate(StoredKey stored) {
        return new ImportCandidate(StoredKey.unsaved(stored.key(), stored.digest(), stored.pepper(), "ck_"), List.of());
    }
}
