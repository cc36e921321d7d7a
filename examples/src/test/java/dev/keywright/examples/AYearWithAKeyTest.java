package dev.keywright.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.management.RotationProgress;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.management.UnusedScopes;
import dev.keywright.spi.KeyStore;
import dev.keywright.testkit.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the README's section "A year with a key"; {@link ReadmeTest} compares the code. */
class AYearWithAKeyTest {

    private static final Scope READ = Scope.of("read:people");

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-09-01T08:00:00Z"));
    private final ManagementSession admin =
            ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin");
    private final ScopeCatalog scopes =
            ScopeCatalog.of("read:people", "list and get people").and("write:people", "change people");
    private final Queue<ApiKey> mails = new ConcurrentLinkedQueue<>();
    private final byte[] secret = new byte[32];
    private KeyStore store;

    @BeforeEach
    void openTheStore() {
        new SecureRandom().nextBytes(secret);
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:a_year_with_a_key;DB_CLOSE_DELAY=-1");
        JdbcSchema.install(h2);
        store = JdbcKeyStore.on(h2);
    }

    private void mailTheOwnerOf(ApiKey key) {
        mails.add(key);
    }

    @Test
    void codeOfTheReadmeWorks() {
        // year:start
        ApiKeys keys = Keywright.builder()
                .store(store)
                .scopes(scopes)
                .pepper(Pepper.of(secret))
                .maxLifetime(Duration.ofDays(366)) // these settings are optional
                .maxActiveKeys(20)
                .listener(new KeyListener() {
                    @Override
                    public void expiring(ApiKey key, Duration warning) { // 30, 7 and 1 day before
                        mailTheOwnerOf(key);
                    }
                })
                // year:end
                .clock(clock)
                .maintenanceScheduler(task -> {})
                // year:start
                .build();
        TenantKeys north = keys.managedBy(admin);

        // September: payroll gets a key for the school year.
        IssuedKey issued = north.issue(
                NewKey.named("Payroll").allowing("read:people", "write:people").expiringAfter(Duration.ofDays(365)));
        ApiKey payroll = issued.key();
        // year:end
        assertThat(verified(keys, issued)).isTrue();
        clock.advance(Duration.ofDays(30));
        // year:start

        // October: it has never used write:people. Restrict it; a change names the version that was read.
        UnusedScopes found = north.reports().unusedScopes().get(0);
        payroll = north.change(
                payroll.id(),
                KeyChange.ifVersion(payroll.version())
                        .rename("Payroll export")
                        .rescope(found.enough().orElseThrow()));
        // year:end
        assertThat(found.unused()).hasToString("write:people");
        assertThat(payroll.scopes()).hasToString("read:people");
        clock.advance(Duration.ofDays(90));
        assertThat(verified(keys, issued)).isTrue();
        // year:start

        // January: rotate the key. Both work for two weeks; then the old one expires, or is revoked earlier.
        Rotation rotation = north.rotate(payroll.id(), Duration.ofDays(14));
        String newText = rotation.successor().secret().reveal();
        // year:end
        assertThat(verified(keys, issued)).isTrue();
        assertThat(verified(keys, rotation.successor())).isTrue();
        clock.advance(Duration.ofDays(5));
        // year:start
        RotationProgress progress = north.reports().rotation(payroll.id(), Duration.ofDays(2));
        if (progress.safeToComplete()) { // the old key is unused for two days, the new one is in use
            north.completeRotation(payroll.id());
        }
        // year:end
        assertThat(progress.safeToComplete()).isTrue();
        assertThat(verified(keys, issued)).isFalse();
        clock.advance(Duration.ofDays(120));
        // year:start

        // May: the key was found in a public repository. Its holder may revoke it, and nothing else.
        keys.revokeByPossession(Secret.of(newText), "found in a public repository");
        // year:end
        assertThat(verified(keys, rotation.successor())).isFalse();
        IssuedKey other = north.issue(NewKey.named("Timetable").allowing("read:people"));
        clock.advance(Duration.ofDays(31));
        // year:start

        // June: list unused keys, and keys that expire soon.
        List<ApiKey> idle = north.reports().unusedFor(Duration.ofDays(30));
        List<ApiKey> expiring = north.reports().expiringWithin(Duration.ofDays(60));
        // year:end
        assertThat(idle).extracting(ApiKey::id).containsExactly(other.key().id());
        assertThat(expiring).isEmpty();
        // year:start

        // July: a laptop is stolen. One write revokes all keys of the district.
        long revoked = north.revokeAll("laptop stolen");
        KeyPage<ApiKey> page = north.list(KeyQuery.revoked().limit(50));
        // year:end
        assertThat(revoked).isEqualTo(1);
        assertThat(page.items())
                .extracting(key -> key.revocation().orElseThrow().reason())
                .containsExactly("rotation completed", "found in a public repository", "laptop stolen");
        clock.advance(Duration.ofDays(31));
        // year:start

        // August: a job purges keys that have been inactive for half a year.
        long purged = keys.operatedBy(new Job("summer cleaning")).purge(Duration.ofDays(180));
        keys.close();
        // year:end
        assertThat(purged).isEqualTo(1);
        assertThat(mails).isEmpty();
    }

    private static boolean verified(ApiKeys keys, IssuedKey key) {
        return keys.verify(key.secret().reveal(), READ).fold(caller -> true, AYearWithAKeyTest::refused);
    }

    private static boolean refused(Rejected rejected) {
        assertThat(rejected.reason()).isEqualTo(Rejected.Reason.REVOKED);
        return false;
    }
}
