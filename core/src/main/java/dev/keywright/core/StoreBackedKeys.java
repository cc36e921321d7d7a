package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequest;
import dev.keywright.Job;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermitted;
import dev.keywright.Operations;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.ScopeCatalog;
import dev.keywright.Secret;
import dev.keywright.Session;
import dev.keywright.TenantKeys;
import dev.keywright.Verification;
import dev.keywright.Verified;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All together: verification for anybody, management for sessions that the rule lets through, operation for jobs. */
final class StoreBackedKeys implements ApiKeys {

    private static final int MAX_KEYS_IN_TEXT = 100;

    private final KeyVerifier verifier;
    private final Predicate<Session> mayManage;
    private final BiPredicate<Session, Scope> mayGrant;
    private final Means means;
    private final Housekeeping housekeeping;
    private final @Nullable Cache cache;

    StoreBackedKeys(
            KeyVerifier verifier,
            Predicate<Session> mayManage,
            BiPredicate<Session, Scope> mayGrant,
            Means means,
            Housekeeping housekeeping,
            @Nullable Cache cache) {
        this.verifier = verifier;
        this.mayManage = mayManage;
        this.mayGrant = mayGrant;
        this.means = means;
        this.housekeeping = housekeeping;
        this.cache = cache;
    }

    @Override
    public boolean claims(@Nullable String token) {
        return verifier.claims(token);
    }

    @Override
    public Verification verify(@Nullable String token) {
        return verifier.verify(token);
    }

    @Override
    public Verification verify(@Nullable String token, Scope required) {
        return verifier.verify(token, required);
    }

    @Override
    public Verification recheck(Verified earlier) {
        return verifier.recheck(earlier);
    }

    @Override
    public Verification check(@Nullable String token) {
        return verifier.check(token);
    }

    @Override
    public TenantKeys managedBy(Session session) {
        if (!mayManage.test(session)) {
            throw refused(session, "you may not manage API keys; ask whoever administers them");
        }
        Actor person = Actor.person(session.user());
        return new ManagedKeys(session.tenant(), person, scopes -> requireGrantable(session, scopes), means);
    }

    private void requireGrantable(Session session, Collection<Scope> scopes) {
        for (Scope scope : scopes) {
            if (!mayGrant.test(session, scope)) {
                throw refused(session, "you may not hand out the scope " + scope + "; ask whoever administers them");
            }
        }
    }

    private NotPermitted refused(Session session, String why) {
        means.events().refused(session, why);
        return new NotPermitted(why);
    }

    @Override
    public Operations operatedBy(Job job) {
        return new JobOperations(Actor.job(job), means, cache);
    }

    /**
     * Each text of the shape of a key takes the same calls of the store and the same wait, whether it is active, revoked or
     * unknown: so neither time nor failure tells which.
     *
     * <ol>
     *   <li>All texts of the shape of a key are taken out of what was given; without one, nothing is asked of the store.
     *   <li>Each is looked up under every pepper, and every row found is revoked. Where there is none, a write is made that
     *       changes nothing: it learns the lease, and fails where a revocation would.
     *   <li>One wait follows the last write.
     * </ol>
     */
    @Override
    public boolean revokeByPossession(Secret secret, String reason) {
        List<String> texts = textsIn(secret);
        Revocation revocation = means.revocation(Actor.holder(), reason);
        boolean any = false;
        Duration lease = Duration.ZERO;
        try {
            for (String text : texts) {
                List<ApiKey> found = means.lookUp().findAll(text);
                for (ApiKey key : found) {
                    lease = means.revoke(key.tenant(), key.id(), revocation).lease();
                }
                if (found.isEmpty()) {
                    lease = means.fence().lease();
                }
                any |= !found.isEmpty();
            }
        } catch (OutcomeUnknown e) {
            // With an id it would tell that there is such a key.
            throw new OutcomeUnknown(e);
        }
        means.leaseWait().await(lease);
        return any;
    }

    private List<String> textsIn(Secret secret) {
        List<String> texts = means.lookUp()
                .keysIn(secret.reveal())
                .limit(MAX_KEYS_IN_TEXT + 1L)
                .toList();
        if (texts.isEmpty()) {
            throw new InvalidRequest(
                    "key", "must contain the full text of an API key, from its prefix to its last character");
        }
        if (texts.size() > MAX_KEYS_IN_TEXT) {
            throw new InvalidRequest(
                    "key", "must contain at most " + MAX_KEYS_IN_TEXT + " API keys; report the others separately");
        }
        return texts;
    }

    @Override
    public ScopeCatalog offered() {
        return means.policy().offered();
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
        housekeeping.close();
    }
}
