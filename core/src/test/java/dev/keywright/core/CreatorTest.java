package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.SOUTHERN_ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyListener;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.PageCursor;
import dev.keywright.management.TenantKeys;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Listing and revoking the keys of one creator, for the day on which the person leaves. */
class CreatorTest {

    private static final NewKey REQUEST = NewKey.named("Reporting Script").allowing("read:people");
    private static final UserId BOB = UserId.of("bob");

    private final Fixture fixture = new Fixture();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final ApiKeys keys = fixture.builder(new InMemoryKeyStore())
            .listener(new KeyListener() {
                @Override
                public void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {
                    events.add(tenant + " " + creator + " " + keys + " " + revocation.reason());
                }
            })
            .build();
    private final TenantKeys north = keys.managedBy(ADMIN);
    private final TenantKeys bobs = keys.managedBy(bobIn("north"));

    private static ManagementSession bobIn(String tenant) {
        return ManagementSession.of(TenantId.of(tenant), BOB).withRoles("Admin");
    }

    @Test
    void listHasTheKeysOfOneCreatorInAnyState() {
        ApiKey first = bobs.issue(REQUEST).key();
        north.issue(REQUEST);
        ApiKey revoked = north.revoke(bobs.issue(REQUEST).key().id(), "unused");

        assertThat(north.list(KeyQuery.active().createdBy(BOB)).items()).containsExactly(first);
        assertThat(north.list(KeyQuery.all().createdBy(BOB)).items()).containsExactly(first, revoked);
        assertThat(north.list(KeyQuery.all().createdBy(UserId.of("carol"))).items())
                .isEmpty();
    }

    @Test
    void cursorOfOneCreatorIsRefusedForAnother() {
        bobs.issue(REQUEST);
        bobs.issue(REQUEST);
        PageCursor cursor =
                north.list(KeyQuery.all().createdBy(BOB).limit(1)).next().orElseThrow();

        assertThat(north.list(KeyQuery.all().createdBy(BOB).from(cursor)).items())
                .hasSize(1);
        assertThatThrownBy(() -> north.list(KeyQuery.all().from(cursor))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(
                        () -> north.list(KeyQuery.all().createdBy(ADMIN.user()).from(cursor)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void revokingByCreatorLeavesAllOtherKeys() {
        IssuedKey bobsKey = bobs.issue(REQUEST);
        IssuedKey adasKey = north.issue(REQUEST);
        IssuedKey southernKey = keys.managedBy(bobIn("south")).issue(REQUEST);
        IssuedKey jobsKey =
                keys.operatedBy(new Job("bob")).keysOf(ADMIN.tenant()).issue(REQUEST);

        assertThat(north.revokeCreatedBy(BOB, "left")).isEqualTo(1);

        assertThat(outcome(keys.verify(bobsKey.secret().reveal()))).isEqualTo("REVOKED");
        for (IssuedKey other : new IssuedKey[] {adasKey, southernKey, jobsKey}) {
            assertThat(outcome(keys.verify(other.secret().reveal()))).isEqualTo("VERIFIED");
        }
        keys.close();
        assertThat(events).containsExactly("north bob 1 left");
    }

    @Test
    void revokingByCreatorContinuesBeyondOneWrite() {
        for (int i = 0; i < 1_001; i++) {
            bobs.issue(REQUEST);
        }

        assertThat(north.revokeCreatedBy(BOB, "left")).isEqualTo(1_001);
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
        assertThat(keys.managedBy(SOUTHERN_ADMIN).revokeCreatedBy(BOB, "left")).isZero();
    }
}
