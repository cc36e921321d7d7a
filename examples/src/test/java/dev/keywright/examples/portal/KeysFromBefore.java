package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Keys that nobody can create over HTTP, put into a portal's data before it starts.
 *
 * @param expired a key that ended yesterday
 * @param ending a key that ends tomorrow
 * @param unknown a key that is right in every character, and was never kept
 */
record KeysFromBefore(IssuedKey expired, IssuedKey ending, IssuedKey unknown) {

    private static final Duration DAY = Duration.ofDays(1);

    static KeysFromBefore in(Path data) {
        Path folder = DataFolder.open(data);
        try (HikariDataSource database = Database.open(folder)) {
            JdbcSchema.install(database);
            PepperFile file = PepperFile.in(folder);
            file.keep();
            KeyStore store = JdbcKeyStore.on(database);
            return new KeysFromBefore(
                    issue(store, file.pepper(), DAY),
                    issue(store, file.pepper(), DAY.multipliedBy(3)),
                    issue(new InMemoryKeyStore(), file.pepper(), DAY.multipliedBy(3)));
        }
    }

    /** Issues a key in the north, two days ago. */
    private static IssuedKey issue(KeyStore store, Pepper pepper, Duration lifetime) {
        try (ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(pepper)
                .clock(SettableClock.at(Instant.now().minus(DAY.multipliedBy(2))))
                .build()) {
            return keys.managedBy(DemoPerson.all().get(0).session())
                    .issue(NewKey.named("From before").allowing("read:people").expiringAfter(lifetime));
        }
    }
}
