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
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyPage;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.KeyReports;
import dev.keywright.management.NewKey;
import dev.keywright.management.PageCursor;
import dev.keywright.management.Rotation;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.BulkWriteResult;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.ListPosition;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one tenant, in the hands of one actor: the tenant goes into every call of the store, and comes from nowhere
 * but the session or the job.
 */
final class DefaultTenantKeys implements TenantKeys {

    private static final int PAGE = 500;

    private final TenantId tenant;
    private final Actor actor;
    private final Consumer<Collection<Scope>> grants;
    private final Means means;
    private final KeyIssuer issuing;

    /**
     * Takes the parts.
     *
     * @param grants throws what refuses the actor scopes that they may not hand out
     */
    DefaultTenantKeys(TenantId tenant, Actor actor, Consumer<Collection<Scope>> grants, Means means) {
        this.tenant = tenant;
        this.actor = actor;
        this.grants = grants;
        this.means = means;
        this.issuing = new KeyIssuer(tenant, actor, means);
    }

    @Override
    public TenantId tenant() {
        return tenant;
    }

    @Override
    public IssuedKey issue(NewKey request) {
        means.policy().scopeCatalog().requireOffered(request.scopes());
        grants.accept(request.scopes().asList());
        means.refuseKeyIn(Field.NAME, request.name().value());
        return issuing.issue(request);
    }

    private void active(Consumer<StoredKey> each) {
        Instant now = means.now();
        @Nullable ListPosition last = null;
        List<StoredKey> page;
        do {
            page = means.store().list(tenant, ApiKey.State.ACTIVE, null, now, last, PAGE);
            page.forEach(each);
            last = page.isEmpty() ? null : page.get(page.size() - 1).position();
        } while (page.size() == PAGE);
    }

    @Override
    public KeyPage<ApiKey> list(KeyQuery query) {
        @Nullable ListPosition after = query.cursor()
                .map(cursor -> means.cursorCodec().read(cursor, tenant, query))
                .orElse(null);
        int limit = query.limit();
        @Nullable Actor createdBy = query.createdBy().map(Actor::person).orElse(null);
        List<StoredKey> found =
                means.store().list(tenant, query.state().orElse(null), createdBy, means.now(), after, limit + 1);
        List<StoredKey> page = found.size() > limit ? found.subList(0, limit) : found;
        Optional<PageCursor> next = found.size() > limit
                ? Optional.of(means.cursorCodec().write(page.get(limit - 1).position(), tenant, query))
                : Optional.empty();
        return new KeyPage<>(page.stream().map(StoredKey::key).toList(), next);
    }

    @Override
    public ApiKey get(KeyId id) {
        return means.store()
                .find(tenant, Objects.requireNonNull(id))
                .key()
                .map(StoredKey::key)
                .orElseThrow(KeyNotFoundException::new);
    }

    @Override
    public ApiKey change(KeyId id, KeyChange change) {
        if (change.name().isEmpty() && change.scopes().isEmpty()) {
            throw new InvalidRequestException(Field.CHANGE, "must have a name or scopes");
        }
        change.name().ifPresent(name -> means.refuseKeyIn(Field.NAME, name.value()));
        ApiKey before = get(id);
        Instant now = means.now();
        refuseUnlessChangeable(before, change.version(), now);
        change.scopes().ifPresent(scopes -> requireAdded(before, scopes));
        ApiKey wanted = StoredValues.keyBuilder(before)
                .name(change.name().orElse(before.name()))
                .scopes(change.scopes().orElse(before.scopes()))
                .build();
        WriteResult written;
        boolean unsure = false;
        try {
            written = means.store().change(wanted, now);
        } catch (OutcomeUnknownException e) {
            // A version is changed once, so that this does nothing where it was done.
            written = Means.again(e, () -> means.store().change(wanted, now));
            unsure = true;
        }
        ApiKey after = written.key().orElseThrow(KeyNotFoundException::new).key();
        if (!written.changed() && !(unsure && isMade(wanted, after))) {
            refuseUnlessChangeable(after, change.version(), now);
            throw new IllegalStateException("the store has not changed a key that could be changed");
        }
        means.events().changed(before, after, actor);
        means.barrier().await(written.lease());
        return after;
    }

    private static boolean isMade(ApiKey wanted, ApiKey after) {
        return after.version() == wanted.version() + 1
                && after.name().equals(wanted.name())
                && after.scopes().equals(wanted.scopes());
    }

    private static void refuseUnlessChangeable(ApiKey key, long version, Instant now) {
        KeyIssuer.refuseUnlessActive(key, now);
        if (key.version() != version) {
            throw new KeyConflictException(
                    KeyConflictException.Rule.VERSION,
                    "the API key has been changed since it was read: read it again, and send the change with its version, "
                            + key.version());
        }
    }

    /** What a key has already is not handed out: it can be kept, also where it is no longer offered. */
    private void requireAdded(ApiKey before, Scopes wanted) {
        List<Scope> added = wanted.asList().stream()
                .filter(scope -> !before.scopes().contains(scope))
                .toList();
        if (!added.isEmpty()) {
            means.policy().scopeCatalog().requireOffered(Scopes.of(added));
            grants.accept(added);
        }
    }

    @Override
    public Rotation rotate(KeyId id, Duration overlap) {
        return issuing.rotate(Objects.requireNonNull(id), overlap, grants);
    }

    @Override
    public ApiKey completeRotation(KeyId id) {
        Optional<StoredKey> there =
                means.store().find(tenant, Objects.requireNonNull(id)).key();
        if (there.isPresent() && there.get().key().successor().isEmpty()) {
            throw new KeyConflictException(KeyConflictException.Rule.NOT_ROTATED, "the API key is not being rotated");
        }
        return revoke(id, "rotation ended");
    }

    @Override
    public ApiKey revoke(KeyId id, String reason) {
        WriteResult written = means.revoke(tenant, Objects.requireNonNull(id), means.revocation(actor, reason));
        // Also where nothing changed, or the row is gone: the first caller may have died before its wait was
        // over.
        means.barrier().await(written.lease());
        return written.key().orElseThrow(KeyNotFoundException::new).key();
    }

    @Override
    public List<ApiKey> revoke(Collection<KeyId> ids, String reason) {
        Revocation revocation = means.revocation(actor, reason);
        List<ApiKey> keys = new ArrayList<>();
        for (KeyId id : new LinkedHashSet<>(ids)) {
            Optional<StoredKey> there = means.store().find(tenant, id).key();
            // The one that is not there is revoked: it is waited for, and then it is told that it is not there.
            keys.add(there.isPresent() ? there.get().key() : revoke(id, reason));
        }
        List<ApiKey> revoked = new ArrayList<>();
        Duration lease = Duration.ZERO;
        try {
            for (ApiKey key : keys) {
                WriteResult written = means.revoke(tenant, key.id(), revocation);
                // Purged meanwhile: it was revoked or had ended long ago.
                revoked.add(written.key().map(StoredKey::key).orElse(key));
                lease = written.lease();
            }
        } catch (OutcomeUnknownException e) {
            // With the id of one, people would look after that one, and forget those that come after it.
            throw new OutcomeUnknownException(e);
        }
        means.barrier().await(lease);
        return List.copyOf(revoked);
    }

    @Override
    public long revokeAll(String reason) {
        Revocation revocation = means.revocation(actor, reason);
        BulkWriteResult written = means.store().revokeAll(tenant, revocation);
        means.events().revokedAll(tenant, written.changed(), revocation);
        means.barrier().await(written.lease());
        return written.changed();
    }

    @Override
    public long revokeCreatedBy(UserId creator, String reason) {
        Revocation revocation = means.revocation(actor, reason);
        Actor createdBy = Actor.person(creator);
        long revoked = 0;
        BulkWriteResult written;
        try {
            do {
                written = means.store().revokeCreatedBy(tenant, createdBy, revocation, KeyStore.MAX_KEYS_OF_A_WRITE);
                revoked += written.changed();
            } while (written.changed() == KeyStore.MAX_KEYS_OF_A_WRITE);
        } finally {
            // Where a later write fails, the earlier ones stay done.
            if (revoked > 0) {
                means.events().revokedCreatedBy(tenant, creator, revoked, revocation);
            }
        }
        means.barrier().await(written.lease());
        return revoked;
    }

    @Override
    public KeyReports reports() {
        return new DefaultKeyReports(this::active, this::get, means);
    }
}
