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

/** A store full of keys, and their texts. */
final class IssuedKeys {

    static final Scope SCOPE = Scope.of(Reference.SCOPE);

    /** No key has it. */
    static final Scope OTHER_SCOPE = Scope.of("write:people");

    private static final ScopeCatalog OFFERED = ScopeCatalog.of(Reference.SCOPE, "list and get people");
    private static final Pepper PEPPER =
            Pepper.of("a pepper for benchmarks, which guards nothing".getBytes(StandardCharsets.US_ASCII));
    private static final int KEYS_OF_A_TENANT = 50;
    private static final int AT_A_TIME = KeyStore.MAX_KEYS_OF_A_WRITE;

    private IssuedKeys() {}

    /** {@return the machine on a store, as a host would set it up, and nothing that interferes with the measurement} */
    static KeywrightBuilder on(KeyStore store) {
        return Keywright.builder().store(store).scopes(OFFERED).pepper(PEPPER).maintenanceScheduler(task -> {});
    }

    /** The same without a pepper, so that a hand-written look-up can work out the digests. */
    static KeywrightBuilder unpepperedOn(KeyStore store) {
        return Keywright.builder()
                .store(store)
                .scopes(OFFERED)
                .pepper(Pepper.none())
                .maintenanceScheduler(task -> {});
    }

    /** Issues so many keys. */
    static KeyTexts issue(ApiKeys keys, int count) {
        KeyTexts texts = new KeyTexts(count);
        for (int i = 0; i < count; i++) {
            TenantKeys tenant =
                    keys.operatedBy(new Job("benchmark")).keysOf(TenantId.of("tenant-" + i / KEYS_OF_A_TENANT));
            texts.add(tenant.issue(NewKey.named("Reporting Script").allowing(Reference.SCOPE))
                    .secret()
                    .reveal());
        }
        return texts;
    }

    /** Issues so many keys, and revokes them. */
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

    /** {@return a tenant that {@link #issue} gives no keys} */
    static TenantKeys anyTenant(ApiKeys keys) {
        return keys.operatedBy(new Job("benchmark")).keysOf(TenantId.of("any"));
    }

    /** Fills a store with keys that were issued without a pepper, some at a time: to issue each there would take hours. */
    static KeyTexts fill(KeyStore store, int count) {
        KeyTexts texts = new KeyTexts(count);
        for (int from = 0; from < count; from += AT_A_TIME) {
            KeyStore draft = new InMemoryKeyStore();
            try (ApiKeys keys = unpepperedOn(draft).build()) {
                KeyTexts issued = issue(keys, Math.min(AT_A_TIME, count - from));
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
        return new ImportCandidate(StoredKey.unsaved(stored.key(), stored.digest(), stored.pepper()), List.of());
    }
}
