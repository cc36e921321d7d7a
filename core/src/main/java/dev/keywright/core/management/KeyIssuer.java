package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.KeyNotFoundException;
import dev.keywright.Revocation;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.format.KeyGenerator.GeneratedKey;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.management.Rotation;
import dev.keywright.spi.Digest;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Issues and rotates keys: the operations that return a secret. */
final class KeyIssuer {

    private static final Duration MAX_OVERLAP = Duration.ofDays(366);

    /** An attempt fails only if another writer has changed the key since it was read. */
    private static final int MAX_ATTEMPTS = 10;

    private final IssuePolicy policy;
    private final KeyGenerator generator;
    private final FormatChoice formats;
    private final KeyReader reader;
    private final WriteCoordinator writes;
    private final Clock clock;

    KeyIssuer(
            IssuePolicy policy,
            KeyGenerator generator,
            FormatChoice formats,
            KeyReader reader,
            WriteCoordinator writes,
            Clock clock) {
        this.policy = policy;
        this.generator = generator;
        this.formats = formats;
        this.reader = reader;
        this.writes = writes;
        this.clock = clock;
    }

    /** {@return an issuer within the limits of own keys} */
    KeyIssuer within(OwnKeyLimits own) {
        return new KeyIssuer(policy.within(own), generator, formats.within(own), reader, writes, clock);
    }

    IssuedKey issue(Authority authority, NewKey request) {
        policy.scopeCatalog().requireOffered(request.scopes());
        authority.requireGrantable(request.scopes().asList());
        requireNoKeyIn(request);
        request.owner().ifPresent(authority::requireOwnable);
        Instant now = clock.instant();
        GeneratedKey generated = generate(
                authority,
                formats.forEnvironment(request.environment()),
                StoredValues.keyBuilder()
                        .name(request.name())
                        .scopes(request.scopes())
                        .owner(request.owner().orElse(null))
                        .description(request.description().orElse(null))
                        .attributes(request.attributes()),
                now,
                policy.expiry(request, now));
        Digest issueRequest = request.idempotencyKey()
                .map(name -> IssueRequest.digest(authority, name))
                .orElse(null);
        ApiKey key = writes.insert(generated.row().issuedFor(issueRequest), policy.limits(), now)
                .orElseThrow(policy::tooManyKeys);
        return new IssuedKey(key, generated.secret());
    }

    private void requireNoKeyIn(NewKey request) {
        policy.requireNoKeyIn(Field.NAME, request.name().value());
        request.owner().ifPresent(owner -> policy.requireNoKeyIn(Field.OWNER, owner.name()));
        request.description().ifPresent(text -> policy.requireNoKeyIn(Field.DESCRIPTION, text));
        policy.requireNoKeyIn(request.attributes());
    }

    private GeneratedKey generate(
            Authority authority, KeyTextFormat format, ApiKey.Builder key, Instant now, Optional<Instant> expiresAt) {
        return generator.generate(
                format,
                key.tenant(authority.tenant())
                        .createdAt(now)
                        .createdBy(authority.actor())
                        .expiresAt(expiresAt.orElse(null))
                        .lifetime(IssuePolicy.lifetime(now, expiresAt)));
    }

    Rotation rotate(Authority authority, KeyId id, Duration overlap) {
        return rotate(authority, id, overlap, formats::forSuccessor);
    }

    Rotation rotate(Authority authority, KeyId id, Duration overlap, String prefix) {
        Objects.requireNonNull(prefix);
        return rotate(authority, id, overlap, old -> formats.forSuccessor(old, prefix));
    }

    private Rotation rotate(
            Authority authority, KeyId id, Duration overlap, Function<StoredKey, KeyTextFormat> format) {
        if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
            throw new InvalidRequestException(
                    Field.OVERLAP, "must not be negative, or longer than " + MAX_OVERLAP.toDays() + " days");
        }
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Instant now = clock.instant();
            StoredKey row = rotatable(authority, id, now);
            ApiKey old = row.key();
            authority.requireGrantable(old.scopes().asList());
            GeneratedKey successor = generate(
                    authority,
                    format.apply(row),
                    StoredValues.keyBuilder()
                            .name(old.name())
                            .scopes(old.scopes())
                            .owner(old.owner().orElse(null))
                            .description(old.description().orElse(null))
                            .attributes(old.attributes())
                            .predecessor(id),
                    now,
                    policy.successorExpiry(old, now));
            Optional<ApiKey> predecessor =
                    writes.replace(expiring(authority, old, successor, overlap, now), successor.row(), now);
            if (predecessor.isPresent()) {
                return new Rotation(
                        predecessor.get(), new IssuedKey(successor.row().key(), successor.secret()));
            }
        }
        throw new KeyConflictException(
                KeyConflictException.Rule.VERSION,
                "the API key was changed by others during each of " + MAX_ATTEMPTS + " attempts: try again");
    }

    private StoredKey rotatable(Authority authority, KeyId id, Instant now) {
        StoredKey row = reader.findRow(authority, id).orElseThrow(KeyNotFoundException::new);
        ApiKey key = row.key();
        KeyEditor.requireActive(key, now);
        if (key.suspension().isPresent()) {
            throw new KeyConflictException(
                    KeyConflictException.Rule.SUSPENDED,
                    "the API key is suspended, and its successor would be accepted: resume it first, or revoke it and"
                            + " issue another one");
        }
        // The write need not repeat these checks: an inactive key never becomes active again.
        active(authority, key.successor(), now).ifPresent(successor -> {
            throw new KeyConflictException(
                    KeyConflictException.Rule.ROTATED,
                    "the API key has been rotated already, to " + successor + ", which is active");
        });
        active(authority, key.predecessor(), now).ifPresent(predecessor -> {
            throw new KeyConflictException(
                    KeyConflictException.Rule.ROTATED,
                    "the API key replaced " + predecessor + ", which is still active: complete that rotation first");
        });
        return row;
    }

    private Optional<KeyId> active(Authority authority, Optional<KeyId> id, Instant now) {
        return id.flatMap(key -> reader.find(authority.tenant(), key))
                .filter(key -> key.stateAt(now) == ApiKey.State.ACTIVE)
                .map(ApiKey::id);
    }

    private static ApiKey expiring(
            Authority authority, ApiKey old, GeneratedKey successor, Duration overlap, Instant now) {
        ApiKey.Builder expiring =
                StoredValues.keyBuilder(old).successor(successor.row().key().id());
        Duration millis = overlap.truncatedTo(ChronoUnit.MILLIS);
        if (millis.isZero()) {
            // Each node compares an expiry with its own clock; a revocation does not depend on clocks.
            return expiring.revocation(new Revocation(now, authority.actor(), "rotated"))
                    .build();
        }
        Instant expiry = now.plus(millis);
        return expiring.expiresAt(old.expiresAt().filter(expiry::isAfter).orElse(expiry))
                .build();
    }
}
