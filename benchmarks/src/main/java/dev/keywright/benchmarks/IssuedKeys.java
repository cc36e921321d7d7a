package dev.keywright.benchmarks;

import dev.keywright.ApiKeys;
import dev.keywright.NewKey;
import dev.keywright.ScopeCatalog;
import dev.keywright.Session;
import dev.keywright.TenantId;
import dev.keywright.TenantKeys;
import dev.keywright.UserId;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.spi.KeyStore;
import java.util.concurrent.ThreadLocalRandom;

/** A store full of keys, and their texts. They have no pepper, so that a hand-written look-up can work out their digests. */
final class IssuedKeys {

    private final ApiKeys apiKeys;
    private final String[] texts;

    IssuedKeys(KeyStore store, int count) {
        apiKeys = Keywright.using(store)
                .offering(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none())
                .build();
        TenantKeys north = apiKeys.managedBy(
                Session.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"));
        texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = north.issue(NewKey.named("Reporting Script").allowing("read:people"))
                    .secret()
                    .reveal();
        }
    }

    ApiKeys apiKeys() {
        return apiKeys;
    }

    /** {@return the text of any of the keys, a fresh string as a request would bring it} */
    String any() {
        String text = texts[ThreadLocalRandom.current().nextInt(texts.length)];
        return new String(text.toCharArray());
    }
}
