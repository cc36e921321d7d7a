package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKeys;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermittedException;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.OwnKeys;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import java.util.Collection;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Verification for every caller, management for the sessions that the policies permit, and operations for jobs. */
public final class DefaultApiKeys implements ApiKeys {

    private final KeyVerifier verifier;
    private final Predicate<ManagementSession> managementPolicy;
    private final BiPredicate<ManagementSession, Scope> grantPolicy;
    private final EventPublisher events;
    private final ManagementFactory management;
    private final Runnable shutdown;

    public DefaultApiKeys(
            KeyVerifier verifier,
            Predicate<ManagementSession> managementPolicy,
            BiPredicate<ManagementSession, Scope> grantPolicy,
            EventPublisher events,
            ManagementFactory management,
            Runnable shutdown) {
        this.verifier = verifier;
        this.managementPolicy = managementPolicy;
        this.grantPolicy = grantPolicy;
        this.events = events;
        this.management = management;
        this.shutdown = shutdown;
    }

    @Override
    public boolean recognizes(@Nullable String token) {
        return verifier.recognizes(token);
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
    public TenantKeys managedBy(ManagementSession session) {
        if (!managementPolicy.test(session)) {
            throw refused(session, "you may not manage API keys; ask an administrator");
        }
        return management.tenantKeys(
                session.tenant(), Actor.person(session.user()), scopes -> requireGrantable(session, scopes));
    }

    private void requireGrantable(ManagementSession session, Collection<Scope> scopes) {
        for (Scope scope : scopes) {
            if (!grantPolicy.test(session, scope)) {
                throw refused(session, "you may not grant the scope " + scope + "; ask an administrator");
            }
        }
    }

    private NotPermittedException refused(ManagementSession session, String why) {
        events.refused(session, why);
        return new NotPermittedException(why);
    }

    @Override
    public OwnKeys ownedBy(ManagementSession session) {
        throw new UnsupportedOperationException("to be written");
    }

    @Override
    public KeyOperations operatedBy(Job job) {
        return management.operations(Actor.job(job));
    }

    @Override
    public boolean revokeByPossession(Secret secret, String reason) {
        return management.revoker().revokeByPossession(secret, reason);
    }

    @Override
    public ScopeCatalog scopeCatalog() {
        return management.scopeCatalog();
    }

    @Override
    public void close() {
        shutdown.run();
    }
}
