package dev.keywright.testkit;

import static dev.keywright.spi.ActiveKeyLimits.ofTenant;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.NOW;
import static dev.keywright.testkit.SampleKeys.PEPPER;
import static dev.keywright.testkit.SampleKeys.REVOCATION;
import static dev.keywright.testkit.SampleKeys.SOUTH;
import static dev.keywright.testkit.SampleKeys.WIDEST;
import static dev.keywright.testkit.SampleKeys.maxAttributes;
import static dev.keywright.testkit.SampleKeys.maxScopes;
import static dev.keywright.testkit.SampleKeys.revocation;
import static dev.keywright.testkit.SampleKeys.rotatedTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.Scopes;
import dev.keywright.Suspension;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class InsertContract extends ContractPart {

    InsertContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Test
    void insertReturnsStoredRow() {
        StoredKey key = samples.unsaved(NORTH);

        WriteResult result = store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);

        assertThat(result.changed()).isTrue();
        assertThat(result.key()).contains(key.revised(result.revision(), result.revision()));
        assertThat(find(NORTH, key.key().id())).isEqualTo(result.key());
    }

    @Test
    void everyFieldIsStored() {
        StoredKey key = samples.unsaved(samples.describedKey(NORTH)
                        .name(KeyName.of("Überwachung \"Ñandú\" ключ 鍵 \u200Fמפתח \uD83D\uDD11'; --"))
                        .scopes(Scopes.of("write:people", "read:people", "a!#$%&'()*+,-./:;<=>?@[]^_`{|}~"))
                        .createdAt(Instant.parse("1969-12-31T23:59:59.999Z"))
                        .createdBy(Actor.job(new Job("nightly import")))
                        .version(7)
                        .expiresAt(Instant.parse("9999-12-31T23:59:59.999Z"))
                        .lifetime(Duration.ofDays(3660).plusMillis(1))
                        .predecessor(KeyId.of("the-one-before"))
                        .successor(KeyId.of("the-one-after"))
                        .suspension(new Suspension(NOW.minusMillis(1), Actor.job(new Job("on call")), ""))
                        .revocation(new Revocation(NOW, StoredValues.holder(), "")))
                .imported("Legacy-%_'");

        assertStoresAllFields(key);
    }

    @Test
    void fieldsOfMaximumLengthAreStored() {
        TenantId tenant = TenantId.of(WIDEST.repeat(128));
        Actor actor = Actor.job(new Job(WIDEST.repeat(128)));
        StoredKey key = StoredKey.unsaved(
                        samples.key(tenant)
                                .id(KeyId.of("k".repeat(64)))
                                .name(KeyName.of(WIDEST.repeat(100)))
                                .hint(WIDEST.repeat(16))
                                .scopes(maxScopes('0'))
                                .createdBy(actor)
                                .predecessor(KeyId.of("p".repeat(64)))
                                .successor(KeyId.of("s".repeat(64)))
                                .environment("e".repeat(24))
                                .owner(KeyOwner.service(WIDEST.repeat(128)))
                                .description(WIDEST.repeat(1000))
                                .attributes(maxAttributes())
                                .suspension(new Suspension(NOW, actor, WIDEST.repeat(200)))
                                .revocation(new Revocation(NOW, actor, WIDEST.repeat(200)))
                                .build(),
                        samples.digest(),
                        new PepperId("z".repeat(32)),
                        "ck_")
                .imported("w".repeat(32));

        assertStoresAllFields(key);
    }

    @Test
    void issuedKeyHasPrefixOfItsFormat() {
        List<StoredKey> keys = Stream.of("ck_", "acme_test_", "p".repeat(23) + "_")
                .map(prefix -> stored(samples.unsaved(samples.key(NORTH), prefix)))
                .toList();

        assertThat(keys).extracting(StoredKey::prefix).containsExactly("ck_", "acme_test_", "p".repeat(23) + "_");
        assertThat(keys).noneMatch(StoredKey::isImported);
        assertThat(allOf(NORTH)).isEqualTo(keys);
        assertThat(keys).allSatisfy(key -> {
            assertThat(inStore(key)).isEqualTo(key);
            assertThat(byDigest(key.digest())).contains(key);
        });
    }

    @Test
    void ownersDifferInKindAndName() {
        List<KeyOwner> owners = List.of(
                KeyOwner.stored(KeyOwner.Kind.PERSON, "ada"),
                KeyOwner.stored(KeyOwner.Kind.SERVICE, "ada"),
                KeyOwner.stored(KeyOwner.Kind.PERSON, "Ada"),
                KeyOwner.stored(KeyOwner.Kind.PERSON, "ada "),
                KeyOwner.stored(KeyOwner.Kind.PERSON, "service:ada"));

        owners.forEach(owner -> stored(samples.key(NORTH).owner(owner)));

        assertThat(allOf(NORTH))
                .extracting(key -> key.key().owner().orElseThrow())
                .isEqualTo(owners);
    }

    /** Attributes that a store could confuse, among them some that break the rules of new ones. Values have no line breaks. */
    @Test
    void attributesAreStoredExactly() {
        List<Map<String, String>> attributes = List.of(
                Map.of("a", "1", "b", "2"),
                Map.of("a", "1,b=2"),
                Map.of("a", "1;b=2&c=3"),
                Map.of("a", "1\",\"b\":\"2"),
                Map.of("a", "=b=", "b", "="),
                Map.of("a", "\\", "b", "\\\\", "c", "\\n"),
                Map.of("a", "%0A", "b", "\t", "c", "null"),
                Map.of("a", "", "b", " "),
                Map.of("Gr\u00F6\u00DFe \"\\'", "1", "a", "2", "A", "3", "a ", "4"));

        attributes.forEach(map -> stored(samples.key(NORTH).attributes(KeyAttributes.stored(map))));

        assertThat(allOf(NORTH))
                .extracting(key -> key.key().attributes().asMap())
                .isEqualTo(attributes);
        assertThat(allOf(NORTH))
                .allSatisfy(key -> assertThat(byDigest(key.digest())).contains(key));
    }

    private void assertStoresAllFields(StoredKey key) {
        WriteResult result = store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);

        StoredKey row = key.revised(result.revision(), result.revision());
        assertThat(inStore(key)).isEqualTo(row);
        assertThat(byDigest(key.digest())).contains(row);
        assertThat(list(key.key().tenant(), null, NOW, null, 1)).containsExactly(row);
    }

    @Test
    void revisionsOfCandidateAreIgnored() {
        StoredKey key = samples.unsaved(NORTH).revised(7_000, 8_000);

        WriteResult result = store.insert(key, ActiveKeyLimits.UNLIMITED, NOW);

        assertThat(inStore(key)).isEqualTo(key.revised(result.revision(), result.revision()));
    }

    @Test
    void usageOfCandidateIsIgnored() {
        StoredKey used = samples.unsaved(
                samples.key(NORTH).usage(SampleKeys.delta(inserted(NORTH)).usage()));

        store.insert(used, ActiveKeyLimits.UNLIMITED, NOW);

        assertThat(usageOf(used)).isEmpty();
    }

    @Test
    void existingIdIsRefusedForAnyTenant() {
        StoredKey first = inserted(NORTH);
        StoredKey second = samples.unsaved(samples.key(SOUTH).id(first.key().id()));

        assertThatThrownBy(() -> store.insert(second, ActiveKeyLimits.UNLIMITED, NOW))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(inStore(first)).isEqualTo(first);
        assertThat(byDigest(second.digest())).isEmpty();
    }

    @Test
    void existingDigestIsRefused() {
        StoredKey first = inserted(NORTH);
        ApiKey second = samples.key(SOUTH).build();

        assertThatThrownBy(() -> stored(StoredKey.unsaved(second, first.digest(), PEPPER, "ck_")))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(find(SOUTH, second.id())).isEmpty();
        assertThat(byDigest(first.digest())).contains(first);
    }

    @Test
    void insertIsRefusedAtMaxActiveKeys() {
        inserted(NORTH);
        StoredKey second = samples.unsaved(NORTH);
        StoredKey third = samples.unsaved(NORTH);

        WriteResult added = store.insert(second, ofTenant(2), NOW);
        WriteResult refused = store.insert(third, ofTenant(2), NOW);

        assertThat(added.changed()).isTrue();
        assertThat(refused.changed()).isFalse();
        assertThat(refused.key()).isEmpty();
        assertThat(find(NORTH, third.key().id())).isEmpty();
        assertThat(byDigest(third.digest())).isEmpty();
    }

    @Test
    void refusedKeyCanBeInsertedLater() {
        StoredKey first = inserted(NORTH);
        StoredKey key = samples.unsaved(NORTH);
        store.insert(key, ofTenant(1), NOW);
        store.revoke(NORTH, first.key().id(), REVOCATION);

        assertThat(store.insert(key, ofTenant(1), NOW).changed()).isTrue();
    }

    @Test
    void limitIgnoresInactiveRotatedAndOtherTenantsKeys() {
        inserted(SOUTH);
        stored(samples.key(NORTH).revocation(revocation(NOW.plusSeconds(1), "in a moment, by another clock")));
        stored(samples.key(NORTH).expiresAt(NOW));
        StoredKey rotated = inserted(NORTH);
        StoredKey successor = samples.successorOf(rotated);
        store.replace(rotatedTo(successor, rotated), successor, NOW);

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isFalse();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(2), NOW).changed())
                .isTrue();
    }

    @Test
    void limitCountsRotatedKeyWithRevokedSuccessor() {
        StoredKey rotated = inserted(NORTH);
        StoredKey successor = samples.successorOf(rotated);
        store.replace(rotatedTo(successor, rotated), successor, NOW);
        store.revoke(NORTH, successor.key().id(), REVOCATION);

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isFalse();
        store.purge(NOW.plusMillis(1), 10);
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isFalse();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(2), NOW).changed())
                .isTrue();
    }

    @Test
    void limitCountsRotatedKeyWithExpiredSuccessor() {
        StoredKey rotated = inserted(NORTH);
        StoredKey successor = samples.successorOf(rotated);
        StoredKey expiring = StoredKey.unsaved(
                StoredValues.keyBuilder(successor.key())
                        .expiresAt(NOW.plusMillis(1))
                        .build(),
                successor.digest(),
                successor.pepper(),
                "ck_");
        store.replace(rotatedTo(successor, rotated), expiring, NOW);

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW.plusMillis(1))
                        .changed())
                .isFalse();
    }

    @Test
    void limitOfAnOwnerCountsItsActiveKeysOnly() {
        ActiveKeyLimits limits = new ActiveKeyLimits(Integer.MAX_VALUE, 2);
        KeyOwner ada = KeyOwner.person(UserId.of("ada"));
        stored(samples.key(NORTH));
        stored(samples.key(NORTH).owner(KeyOwner.service("ada")));
        stored(samples.key(NORTH).owner(KeyOwner.person(UserId.of("ada\u00A0"))));
        stored(samples.key(SOUTH).owner(ada));
        stored(samples.key(NORTH).owner(ada).expiresAt(NOW));
        StoredKey revoked = stored(samples.key(NORTH).owner(ada));
        store.revoke(NORTH, revoked.key().id(), REVOCATION);
        StoredKey rotated = stored(samples.key(NORTH).owner(ada));
        StoredKey successor = samples.unsaved(
                samples.key(NORTH).owner(ada).predecessor(rotated.key().id()));
        store.replace(rotatedTo(successor, rotated), successor, NOW);

        assertThat(store.insert(samples.unsaved(samples.key(NORTH).owner(ada)), limits, NOW)
                        .changed())
                .isTrue();
        WriteResult refused = store.insert(samples.unsaved(samples.key(NORTH).owner(ada)), limits, NOW);

        assertThat(refused.changed()).isFalse();
        assertThat(refused.key()).isEmpty();
        store.revokeAll(NORTH, REVOCATION);
        assertThat(store.insert(samples.unsaved(samples.key(NORTH).owner(ada)), limits, NOW)
                        .changed())
                .isTrue();
    }

    @Test
    void limitsOfTenantAndOwnerBothHold() {
        KeyOwner ada = KeyOwner.person(UserId.of("ada"));
        inserted(NORTH);

        assertThat(store.insert(samples.unsaved(samples.key(NORTH).owner(ada)), new ActiveKeyLimits(1, 5), NOW)
                        .changed())
                .isFalse();
        assertThat(store.insert(samples.unsaved(samples.key(NORTH).owner(ada)), new ActiveKeyLimits(2, 5), NOW)
                        .changed())
                .isTrue();
    }

    @Test
    void limitCountsKeyUntilItsExpiry() {
        stored(samples.key(NORTH).expiresAt(NOW.plusMillis(1)));

        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW).changed())
                .isFalse();
        assertThat(store.insert(samples.unsaved(NORTH), ofTenant(1), NOW.plusMillis(1))
                        .changed())
                .isTrue();
    }
}
