package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.spi.DuplicateKeyException;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How keys come to be, by themselves or in place of others: what hands a secret out. */
final class KeyIssuer {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(366);

    /** Each attempt fails only where somebody else has changed the key in between. */
    private static final int ATTEMPTS = 10;

    private final TenantId tenant;
    private final Actor actor;
    private final Means means;

    KeyIssuer(TenantId tenant, Actor actor, Means means) {
        this.tenant = tenant;
        this.actor = actor;
        this.means = means;
    }

    IssuedKey issue(NewKey request) {
        Instant now = means.now();
        Optional<Instant> end = means.policy().expiry(request, now);
        KeyGenerator.GeneratedKey drawn = means.keyGenerator()
                .generate(StoredValues.keyBuilder()
                        .tenant(tenant)
                        .name(request.name())
                        .scopes(request.scopes())
                        .createdAt(now)
                        .createdBy(actor)
                        .expiresAt(end.orElse(null))
                        .lifetime(lifetime(now, end)));
        ApiKey key = insert(drawn.row(), now);
        means.events().issued(key);
        return new IssuedKey(key, drawn.secret());
    }

    static @Nullable Duration lifetime(Instant createdAt, Optional<Instant> end) {
        return end.map(instant -> Duration.between(createdAt, instant)).orElse(null);
    }

    private ApiKey insert(StoredKey row, Instant now) {
        int most = means.policy().maxActiveKeys();
        try {
            WriteResult written = refuseDuplicate(() -> means.store().insert(row, most, now));
            return written.key()
                    .map(StoredKey::key)
                    .orElseThrow(() -> new KeyConflictException(
                            KeyConflictException.Rule.TOO_MANY_KEYS,
                            "there are " + most
                                    + " active API keys, and may be no more: revoke one that is not needed"));
        } catch (OutcomeUnknownException e) {
            return settle(row.key().id(), e);
        }
    }

    /**
     * Rotates a key. The wait at the end is not broken off when the thread is interrupted: with the exception the secret
     * would be lost.
     */
    Rotation rotate(KeyId id, Duration overlap, Consumer<Collection<Scope>> grants) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw new InvalidRequestException(
                    Field.OVERLAP, "must not be negative, or longer than " + LONGEST_OVERLAP.toDays() + " days");
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Instant now = means.now();
            ApiKey old = rotatable(id, now);
            grants.accept(old.scopes().asList());
            Optional<Instant> end = means.policy().successorExpiry(old, now);
            KeyGenerator.GeneratedKey successor = means.keyGenerator()
                    .generate(StoredValues.keyBuilder()
                            .tenant(tenant)
                            .name(old.name())
                            .scopes(old.scopes())
                            .createdAt(now)
                            .createdBy(actor)
                            .expiresAt(end.orElse(null))
                            .lifetime(lifetime(now, end))
                            .predecessor(id));
            Optional<Rotation> rotation = replace(expiring(old, successor, overlap, now), successor, now);
            if (rotation.isPresent()) {
                return rotation.get();
            }
        }
        throw new KeyConflictException(
                KeyConflictException.Rule.VERSION, "the API key is being changed by others all the time: try again");
    }

    private ApiKey rotatable(KeyId id, Instant now) {
        ApiKey key = find(id).orElseThrow(KeyNotFoundException::new);
        refuseUnlessActive(key, now);
        // A key that has ended does not come back, so that these need not be looked at again in the write.
        active(key.successor(), now).ifPresent(successor -> {
            throw new KeyConflictException(
                    KeyConflictException.Rule.ROTATED,
                    "the API key has been rotated already, to " + successor + ", which works");
        });
        active(key.predecessor(), now).ifPresent(predecessor -> {
            throw new KeyConflictException(
                    KeyConflictException.Rule.ROTATED,
                    "the API key took the place of " + predecessor + ", which still works: end that rotation first");
        });
        return key;
    }

    private Optional<KeyId> active(Optional<KeyId> id, Instant now) {
        return id.flatMap(this::find)
                .filter(key -> key.stateAt(now) == ApiKey.State.ACTIVE)
                .map(ApiKey::id);
    }

    private ApiKey expiring(ApiKey old, KeyGenerator.GeneratedKey successor, Duration overlap, Instant now) {
        ApiKey.Builder ending =
                StoredValues.keyBuilder(old).successor(successor.row().key().id());
        Duration millis = overlap.truncatedTo(ChronoUnit.MILLIS);
        if (millis.isZero()) {
            // Its end would be looked at by the clock of each node; a revocation is a fact for all of them.
            return ending.revocation(new Revocation(now, actor, "rotated")).build();
        }
        Instant end = now.plus(millis);
        return ending.expiresAt(old.expiresAt().filter(end::isAfter).orElse(end))
                .build();
    }

    private Optional<Rotation> replace(ApiKey ending, KeyGenerator.GeneratedKey successor, Instant now) {
        ApiKey predecessor;
        ApiKey key = successor.row().key();
        Duration lease;
        try {
            WriteResult written = refuseDuplicate(() -> means.store().replace(ending, successor.row(), now));
            if (!written.changed()) {
                return Optional.empty();
            }
            predecessor = written.key().orElseThrow().key();
            lease = written.lease();
        } catch (OutcomeUnknownException e) {
            settle(key.id(), e);
            // For the lease, which any write says.
            lease = Means.again(e, means::fence).lease();
            predecessor = Means.again(e, () -> find(ending.id())).orElseThrow(KeyNotFoundException::new);
        }
        means.events().rotated(predecessor, key);
        means.barrier().awaitUninterruptibly(lease);
        return Optional.of(new Rotation(predecessor, new IssuedKey(key, successor.secret())));
    }

    private static WriteResult refuseDuplicate(Supplier<WriteResult> write) {
        try {
            return write.get();
        } catch (DuplicateKeyException e) {
            // Never tried again: 145 random bits that came up twice were not random.
            throw new IllegalStateException(
                    "a key was drawn that exists already: the source of randomness is broken", e);
        }
    }

    /**
     * Finds out by the id, which was drawn before, whether a key was inserted after all. A row that is not there proves
     * nothing, since the commit may still be under way. So another write is made: it comes after the other one, and then
     * the row is there or never will be.
     */
    private ApiKey settle(KeyId id, OutcomeUnknownException unknown) {
        Optional<ApiKey> key = Means.again(
                unknown,
                () -> find(id).or(() -> {
                    means.fence();
                    return find(id);
                }));
        return key.orElseThrow(() ->
                new StoreUnavailableException("the store was lost while it wrote; no API key was issued", unknown));
    }

    private Optional<ApiKey> find(KeyId id) {
        return means.store().find(tenant, id).key().map(StoredKey::key);
    }

    static void refuseUnlessActive(ApiKey key, Instant now) {
        switch (key.stateAt(now)) {
            case REVOKED -> throw new KeyConflictException(KeyConflictException.Rule.REVOKED, "the API key is revoked");
            case EXPIRED ->
                throw new KeyConflictException(KeyConflictException.Rule.EXPIRED, "the API key has expired");
            case ACTIVE -> {}
        }
    }
}
