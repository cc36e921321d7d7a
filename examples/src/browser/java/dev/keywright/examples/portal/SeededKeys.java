package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariDataSource;
import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.core.Keywright;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keys of the district north, stored before the portal starts: one for each note that the reports cause. */
final class SeededKeys {

    static final String IDLE = "Reporting Script";
    static final String WIDE = "Payroll export";
    static final String EXPIRING = "Interview planner";
    static final String ROTATED = "Staff sync";
    static final String ARABIC = "مزامنة الموظفين";
    static final String JAPANESE = "面接カレンダー連携";

    private static final Duration DAY = Duration.ofDays(1);

    private final Instant now = Instant.now();
    private final SettableClock clock = SettableClock.at(now);
    private final List<Runnable> maintenance = new ArrayList<>();

    private SeededKeys() {}

    static void in(Path data) {
        Path directory = DataDirectory.open(data);
        try (HikariDataSource database = Database.open(directory)) {
            JdbcSchema.install(database);
            PepperFile file = PepperFile.in(directory);
            file.save();
            SeededKeys seeded = new SeededKeys();
            try (ApiKeys keys = Keywright.builder()
                    .store(JdbcKeyStore.on(database))
                    .scopes(ScopeCatalog.of("read:people", "list and get people")
                            .and("write:people", "create and update people")
                            .and("read:interviews", "list and get interviews"))
                    .pepper(file.pepper())
                    .clock(seeded.clock)
                    .maintenanceScheduler(seeded.maintenance::add)
                    .build()) {
                seeded.fill(keys, keys.managedBy(DemoPerson.all().get(0).session()));
            }
        }
    }

    private void fill(ApiKeys keys, TenantKeys north) {
        at(DAY.multipliedBy(120));
        IssuedKey idle = north.issue(NewKey.named(IDLE).allowing("read:people", "read:interviews"));
        at(DAY.multipliedBy(90));
        IssuedKey wide = north.issue(NewKey.named(WIDE).allowing("read:people", "write:people"));
        at(DAY.multipliedBy(84));
        IssuedKey expiring = north.issue(
                NewKey.named(EXPIRING).allowing("read:interviews").expiringAt(now.plus(DAY.multipliedBy(6))));
        at(DAY.multipliedBy(60));
        IssuedKey old = north.issue(NewKey.named(ROTATED).allowing("read:people"));
        at(DAY.multipliedBy(40));
        use(keys, idle, "read:people", "read:interviews");
        at(DAY.multipliedBy(3));
        use(keys, wide, "read:people");
        use(keys, expiring, "read:interviews");
        north.issue(NewKey.named(ARABIC).allowing("read:people").expiringAt(now.plus(DAY.multipliedBy(200))));
        north.issue(NewKey.named(JAPANESE).allowing("read:interviews").expiringAt(now.plus(DAY.multipliedBy(200))));
        at(Duration.ofHours(10));
        north.rotate(old.key().id(), DAY.multipliedBy(14));
        at(Duration.ofHours(2));
        use(keys, old, "read:people");
        at(Duration.ZERO);
    }

    private void at(Duration ago) {
        clock.set(now.minus(ago));
    }

    private void use(ApiKeys keys, IssuedKey key, String... scopes) {
        for (String scope : scopes) {
            keys.verify(key.secret().reveal(), Scope.of(scope));
        }
        maintenance.forEach(Runnable::run);
    }
}
