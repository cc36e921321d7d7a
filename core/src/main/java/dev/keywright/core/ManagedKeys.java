package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.InvalidRequest;
import dev.keywright.IssuedKey;
import dev.keywright.KeyId;
import dev.keywright.NewKey;
import dev.keywright.NoSuchKey;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Revocation;
import dev.keywright.ScopeCatalog;
import dev.keywright.Secret;
import dev.keywright.Session;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.TenantKeys;
import dev.keywright.spi.DuplicateKey;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.Written;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of a session's tenant: the tenant comes from the session alone, and goes into every call of the store. */
final class ManagedKeys implements TenantKeys {

    private static final Logger log = LoggerFactory.getLogger(ManagedKeys.class);

    private static final int ID_DRAWN = 16;
    private static final int PAGE = 500;

    private final TenantId tenant;
    private final Actor actor;
    private final Means means;

    /** What it takes to manage keys, whoever's. */
    record Means(
            KeyStore store, ScopeCatalog offered, Pepper pepper, Clock clock, RandomText random, LeaseWait leaseWait) {

        /** {@return the present, in whole milliseconds} */
        Instant now() {
            return clock.instant().truncatedTo(ChronoUnit.MILLIS);
        }
    }

    ManagedKeys(Session session, Means means) {
        this.tenant = session.tenant();
        this.actor = Actor.person(session.user());
        this.means = means;
    }

    @Override
    public TenantId tenant() {
        return tenant;
    }

    @Override
    public IssuedKey issue(NewKey request) {
        means.offered().requireOffered(request.scopes());
        refuseKeyIn("name", request.name().value());
        Instant now = means.now();
        String body = KeyText.PREFIX + means.random().draw(KeyText.DRAWN);
        String text = body + means.pepper().check().of(body);
        ApiKey key = ApiKey.builder()
                .id(KeyId.of("key_" + means.random().draw(ID_DRAWN)))
                .tenant(tenant)
                .name(request.name())
                .hint(KeyText.hintOf(text))
                .scopes(request.scopes())
                .createdAt(now)
                .createdBy(actor)
                .endsAt(request.endsAt(now).orElse(null))
                .build();
        insert(StoredKey.unsaved(
                key, means.pepper().digest(text), means.pepper().id()));
        log.info("API key {} of tenant {} issued by {}", key.id(), tenant, actor);
        return new IssuedKey(key, Secret.of(text));
    }

    /** People paste keys into the wrong field; there it would be stored, and shown to everybody who sees the list. */
    private static void refuseKeyIn(String field, String text) {
        if (KeyText.isIn(text)) {
            throw new InvalidRequest(field, "must not contain the text of an API key");
        }
    }

    private void insert(StoredKey key) {
        try {
            means.store().insert(key);
        } catch (DuplicateKey e) {
            // Never tried again: 145 random bits that came up twice were not random.
            throw new IllegalStateException(
                    "a key was drawn that exists already: the source of randomness is broken", e);
        } catch (OutcomeUnknown e) {
            settle(key, e);
        }
    }

    /**
     * Finds out by the id, which was drawn before, whether a key was inserted after all. A row that is not there proves
     * nothing, since the commit may still be under way. So the id is revoked: that write comes after the other one, which
     * makes it certain that no key is alive that nobody has the text of.
     */
    private void settle(StoredKey key, OutcomeUnknown unknown) {
        KeyId id = key.key().id();
        try {
            if (means.store().find(tenant, id).isPresent()) {
                return;
            }
            Revocation revocation = new Revocation(means.now(), actor, "issued without an answer");
            if (means.store().revoke(tenant, id, revocation).changed()) {
                log.info("API key {} of tenant {} revoked, because nobody got it", id, tenant);
            }
        } catch (StoreUnavailable | OutcomeUnknown e) {
            unknown.addSuppressed(e);
            throw unknown;
        }
        throw new StoreUnavailable("the store was lost while it wrote; no API key was issued", unknown);
    }

    @Override
    public List<ApiKey> list() {
        Instant now = means.now();
        List<ApiKey> all = new ArrayList<>();
        @Nullable StoredKey last = null;
        List<StoredKey> page;
        do {
            page = means.store().listActive(tenant, now, last, PAGE);
            page.forEach(stored -> all.add(stored.key()));
            last = page.isEmpty() ? null : page.get(page.size() - 1);
        } while (page.size() == PAGE);
        return List.copyOf(all);
    }

    @Override
    public ApiKey get(KeyId id) {
        return means.store()
                .find(tenant, Objects.requireNonNull(id))
                .map(StoredKey::key)
                .orElseThrow(NoSuchKey::new);
    }

    @Override
    public ApiKey revoke(KeyId id, String reason) {
        refuseKeyIn("reason", reason);
        Revocation revocation = new Revocation(means.now(), actor, reason);
        Written written = means.store().revoke(tenant, Objects.requireNonNull(id), revocation);
        ApiKey key = written.key().orElseThrow(NoSuchKey::new).key();
        if (written.changed()) {
            log.info("API key {} of tenant {} revoked by {}", id, tenant, actor);
        }
        // Also where nothing changed: whoever revoked it first may have died before they had waited.
        means.leaseWait().await(id, written.lease());
        return key;
    }
}
