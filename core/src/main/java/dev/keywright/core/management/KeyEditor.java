package dev.keywright.core.management;

import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.management.KeyChange;
import dev.keywright.spi.StoredValues;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes names, scopes, owners, descriptions and attributes of active keys. */
final class KeyEditor {

    private final IssuePolicy policy;
    private final KeyReader reader;
    private final WriteCoordinator writes;
    private final Clock clock;

    KeyEditor(IssuePolicy policy, KeyReader reader, WriteCoordinator writes, Clock clock) {
        this.policy = policy;
        this.reader = reader;
        this.writes = writes;
        this.clock = clock;
    }

    ApiKey change(Authority authority, KeyId id, KeyChange change) {
        if (change.isEmpty()) {
            throw new InvalidRequestException(
                    Field.CHANGE, "must have a name, scopes, an owner, a description or attributes");
        }
        requireNoKeyIn(change);
        ApiKey before = reader.get(authority, id);
        Instant now = clock.instant();
        requireChangeable(before, change.version(), now);
        change.scopes().ifPresent(scopes -> requireAddable(authority, before, scopes));
        // An owner that stays is not asked for again.
        change.ownerAfter(before.owner())
                .filter(owner -> !before.owner().equals(Optional.of(owner)))
                .ifPresent(authority::requireOwnable);
        ApiKey wanted = StoredValues.keyBuilder(before)
                .name(change.name().orElse(before.name()))
                .scopes(change.scopes().orElse(before.scopes()))
                .owner(change.ownerAfter(before.owner()).orElse(null))
                .description(change.descriptionAfter(before.description()).orElse(null))
                .attributes(change.attributes().orElse(before.attributes()))
                .build();
        return writes.change(before, wanted, authority.actor(), now);
    }

    private void requireNoKeyIn(KeyChange change) {
        change.name().ifPresent(name -> policy.requireNoKeyIn(Field.NAME, name.value()));
        change.ownerAfter(Optional.empty()).ifPresent(owner -> policy.requireNoKeyIn(Field.OWNER, owner.name()));
        change.descriptionAfter(Optional.empty()).ifPresent(text -> policy.requireNoKeyIn(Field.DESCRIPTION, text));
        change.attributes().ifPresent(policy::requireNoKeyIn);
    }

    /** A key may keep the scopes that it has, even if they are no longer offered, or cannot be granted by the actor. */
    private void requireAddable(Authority authority, ApiKey before, Scopes wanted) {
        List<Scope> added = wanted.asList().stream()
                .filter(scope -> !before.scopes().contains(scope))
                .toList();
        if (!added.isEmpty()) {
            policy.scopeCatalog().requireOffered(Scopes.of(added));
            authority.requireGrantable(added);
        }
    }

    static void requireChangeable(ApiKey key, long version, Instant now) {
        requireActive(key, now);
        if (key.version() != version) {
            throw new KeyConflictException(
                    KeyConflictException.Rule.VERSION,
                    "the API key has been changed since it was read: read it again, and send the change with its version, "
                            + key.version());
        }
    }

    static void requireActive(ApiKey key, Instant now) {
        switch (key.stateAt(now)) {
            case REVOKED -> throw new KeyConflictException(KeyConflictException.Rule.REVOKED, "the API key is revoked");
            case EXPIRED ->
                throw new KeyConflictException(KeyConflictException.Rule.EXPIRED, "the API key has expired");
            case ACTIVE -> {}
        }
    }
}
