package dev.keywright.testkit;

import static dev.keywright.testkit.SampleKeys.ADA;
import static dev.keywright.testkit.SampleKeys.NORTH;
import static dev.keywright.testkit.SampleKeys.REVOCATION;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.Job;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import java.util.List;
import java.util.function.Supplier;

abstract class RevokeCreatedByContract extends RevokeSelectedContract {

    RevokeCreatedByContract(Supplier<KeyStore> supplier) {
        super(supplier);
    }

    @Override
    BulkWriteResult revoke(int limit) {
        return store.revokeCreatedBy(NORTH, ADA, REVOCATION, limit);
    }

    @Override
    ApiKey.Builder selected(TenantId tenant) {
        return samples.key(tenant).createdBy(ADA);
    }

    @Override
    List<ApiKey.Builder> similar(TenantId tenant) {
        return List.of(
                samples.key(tenant).createdBy(Actor.person(UserId.of("Ada"))),
                samples.key(tenant).createdBy(Actor.person(UserId.of("ada\u00A0"))),
                samples.key(tenant).createdBy(Actor.job(new Job("ada"))),
                samples.key(tenant)
                        .createdBy(Actor.person(UserId.of("grace")))
                        .owner(KeyOwner.person(UserId.of("ada"))));
    }
}
