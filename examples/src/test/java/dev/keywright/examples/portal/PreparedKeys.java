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
 * Keys that cannot be created over HTTP, stored in a data directory before the portal starts.
 *
 * @param expired a key that expired yesterday
 * @param expiring a key that expires tomorrow
 * @param unknown a well-formed key that is not stored
 */
record PreparedKeys(IssuedKey expired, IssuedKey expiring, IssuedKey unknown) {

    private static final Duration DAY = Duration.ofDays(1);

    static PreparedKeys in(Path data) {
        Path directory = DataDirectory.open(data);
        try (HikariDataSource database = Database.open(directory)) {
            JdbcSchema.install(database);
            PepperFile file = PepperFile.in(directory);
            file.save();
            KeyStore store = JdbcKeyStore.on(database);
            return new PreparedKeys(
                    issue(store, file.pepper(), DAY),
                    issue(store, file.pepper(), DAY.multipliedBy(3)),
                    issue(new InMemoryKeyStore(), file.pepper(), DAY.multipliedBy(3)));
        }
    }

    /** Issues a key of the district north, two days ago. */
    private static IssuedKey issue(KeyStore store, Pepper pepper, Duration lifetime) {
        try (ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(pepper)
                .clock(SettableClock.at(Instant.now().minus(DAY.multipliedBy(2))))
                .build()) {
            return keys.managedBy(DemoPerson.all().get(0).session())
                    .issue(NewKey.named("Prepared").allowing("read:people").expiringAfter(lifetime));
        }
    }
}
