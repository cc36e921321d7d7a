package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeyOwner;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.Secret;
import dev.keywright.UserId;
import dev.keywright.core.lookup.StoreKeyFinder;
import dev.keywright.spi.StoredValues;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Revokes keys: by id, by tenant, by owner, by creator, and by possession of the key; suspends and resumes them. */
final class KeyRevoker {

    private static final int MAX_KEYS_IN_TEXT = 100;

    private final StoreKeyFinder keyFinder;
    private final ReasonSanitizer sanitizer;
    private final KeyReader reader;
    private final WriteCoordinator writes;
    private final Clock clock;

    KeyRevoker(StoreKeyFinder keyFinder, KeyReader reader, WriteCoordinator writes, Clock clock) {
        this.keyFinder = keyFinder;
        this.sanitizer = new ReasonSanitizer(keyFinder);
        this.reader = reader;
        this.writes = writes;
        this.clock = clock;
    }

    ApiKey revoke(Authority authority, KeyId id, String reason) {
        return writes.revoke(authority.tenant(), Objects.requireNonNull(id), revocation(authority.actor(), reason))
                .orElseThrow(KeyNotFoundException::new);
    }

    List<ApiKey> revoke(Authority authority, Collection<KeyId> ids, String reason) {
        Revocation revocation = revocation(authority.actor(), reason);
        List<ApiKey> keys = new ArrayList<>();
        for (KeyId id : new LinkedHashSet<>(ids)) {
            Optional<ApiKey> key = reader.find(authority, id);
            // A missing key is revoked by itself, so that the barrier passes before the exception.
            keys.add(key.isPresent() ? key.get() : revoke(authority, id, reason));
        }
        try {
            // A key that was purged since it was read had been inactive for long; it is returned as it was read.
            return writes.batch(batch -> keys.stream()
                    .map(key -> batch.revoke(key.tenant(), key.id(), revocation).orElse(key))
                    .toList());
        } catch (OutcomeUnknownException e) {
            // Without the id: the outcome of the keys that follow is unknown, too.
            throw new OutcomeUnknownException(e);
        }
    }

    ApiKey completeRotation(Authority authority, KeyId id) {
        Optional<ApiKey> key = reader.find(authority, id);
        if (key.isPresent() && key.get().successor().isEmpty()) {
            throw new KeyConflictException(KeyConflictException.Rule.NOT_ROTATED, "the API key is not being rotated");
        }
        return revoke(authority, id, "rotation completed");
    }

    long revokeAll(Authority authority, String reason) {
        return writes.revokeAll(authority.tenant(), revocation(authority.actor(), reason));
    }

    long revokeOwnedBy(Authority authority, KeyOwner owner, String reason) {
        return writes.revokeOwnedBy(
                authority.tenant(), Objects.requireNonNull(owner), revocation(authority.actor(), reason));
    }

    ApiKey suspend(Authority authority, KeyId id, String reason) {
        Instant now = clock.instant();
        return writes.suspend(
                authority.tenant(),
                Objects.requireNonNull(id),
                sanitizer.suspension(now, authority.actor(), reason),
                now);
    }

    ApiKey resume(Authority authority, KeyId id) {
        return writes.resume(authority.tenant(), Objects.requireNonNull(id), authority.actor(), clock.instant());
    }

    /**
     * Throws an exception for a key that the authority does not cover, after the store calls and the barrier of a missing key. A
     * transfer may follow before the write: then the former owner revokes the key that it could have revoked just before.
     */
    void requireCovered(Authority authority, KeyId id) {
        if (reader.find(authority, id).isEmpty()) {
            writes.batch(batch -> {
                batch.writeNothing();
                return id;
            });
            throw new KeyNotFoundException();
        }
    }

    long revokeCreatedBy(Authority authority, UserId creator, String reason) {
        return writes.revokeCreatedBy(authority.tenant(), creator, revocation(authority.actor(), reason));
    }

    /**
     * Revokes each key whose text the secret contains. The store calls and the barrier are the same whether a key is active,
     * revoked or unknown, so neither the time taken nor a failure tells which.
     *
     * <ol>
     *   <li>Extract all texts that have the shape of a key. If there is none, the store is not called.
     *   <li>Look up each text under every pepper, and revoke every row found. If there is none, make a write that changes
     *       nothing: it learns the lease, and fails where a revocation would.
     *   <li>Wait once, after the last write.
     * </ol>
     *
     * @return whether at least one of the keys exists
     */
    boolean revokeByPossession(Secret secret, String reason) {
        List<String> texts = textsIn(secret);
        Revocation revocation = revocation(StoredValues.holder(), reason);
        try {
            return writes.batch(batch -> {
                boolean any = false;
                for (String text : texts) {
                    List<ApiKey> found = keyFinder.findAll(text);
                    found.forEach(key -> batch.revoke(key.tenant(), key.id(), revocation));
                    if (found.isEmpty()) {
                        batch.writeNothing();
                    }
                    any |= !found.isEmpty();
                }
                return any;
            });
        } catch (OutcomeUnknownException e) {
            // Without the id, which would reveal that the key exists.
            throw new OutcomeUnknownException(e);
        }
    }

    private List<String> textsIn(Secret secret) {
        List<String> texts =
                keyFinder.keysIn(secret.reveal()).limit(MAX_KEYS_IN_TEXT + 1L).toList();
        if (texts.isEmpty()) {
            throw new InvalidRequestException(
                    Field.KEY, "must contain the full text of an API key, from its prefix to its last character");
        }
        if (texts.size() > MAX_KEYS_IN_TEXT) {
            throw new InvalidRequestException(
                    Field.KEY, "must contain at most " + MAX_KEYS_IN_TEXT + " API keys; report the others separately");
        }
        return texts;
    }

    private Revocation revocation(Actor by, String reason) {
        return sanitizer.revocation(clock.instant(), by, reason);
    }
}
