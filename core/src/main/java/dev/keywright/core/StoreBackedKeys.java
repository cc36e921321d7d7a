package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.Job;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermitted;
import dev.keywright.Operations;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.ScopeCatalog;
import dev.keywright.Secret;
import dev.keywright.Session;
import dev.keywright.TenantKeys;
import dev.keywright.Verification;
import dev.keywright.spi.Written;
import java.util.Collection;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All together: verification for anybody, management for sessions that the rule lets through, operation for jobs. */
final class StoreBackedKeys implements ApiKeys {

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

    @Override
    public boolean revokeByPossession(Secret secret, String reason) {
        Revocation revocation = new Revocation(means.now(), Actor.holder(), reason);
        means.refuseKeyIn("reason", reason);
        ApiKey key = means.lookUp().find(secret.reveal()).key();
        if (key == null) {
            return false;
        }
        Written written = means.revoke(key.tenant(), key.id(), revocation);
        means.leaseWait().await(written.lease());
        return true;
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
