package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKeys;
import dev.keywright.KeyOwner;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermittedException;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.event.EventPublisher;
import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagedKeys;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Verification for every caller, management for the sessions that the policies permit, and operations for jobs. */
public final class DefaultApiKeys implements ApiKeys {

    private final KeyVerifier verifier;
    private final SessionPolicies policies;
    private final EventPublisher events;
    private final ManagementFactory management;
    private final Runnable shutdown;

    public DefaultApiKeys(
            KeyVerifier verifier,
            SessionPolicies policies,
            EventPublisher events,
            ManagementFactory management,
            Runnable shutdown) {
        this.verifier = verifier;
        this.policies = policies;
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
        if (!policies.management().test(session)) {
            throw refused(session, "you may not manage API keys; ask an administrator");
        }
        return management.tenantKeys(new Authority(
                session.tenant(),
                Actor.person(session.user()),
                scopes -> requireGrantable(session, scopes),
                owner -> requireOwnable(session, owner),
                null));
    }

    private void requireGrantable(ManagementSession session, Collection<Scope> scopes) {
        for (Scope scope : scopes) {
            if (!policies.grant().test(session, scope)) {
                throw refused(session, "you may not grant the scope " + scope + "; ask an administrator");
            }
        }
    }

    private void requireOwnable(ManagementSession session, KeyOwner owner) {
        if (!policies.owner().test(session, owner)) {
            throw refused(session, "you may not give API keys to the owner " + owner + "; ask an administrator");
        }
    }

    private NotPermittedException refused(ManagementSession session, String why) {
        events.refused(session, why);
        return new NotPermittedException(why);
    }

    @Override
    public ManagedKeys ownKeysOf(ManagementSession session) {
        OwnKeyLimits limits = policies.ownKeys();
        if (limits == null || !limits.permitted().test(session)) {
            throw refused(session, "you may not have API keys of your own; ask an administrator");
        }
        KeyOwner person = KeyOwner.person(session.user());
        Authority authority = new Authority(
                session.tenant(),
                Actor.person(session.user()),
                scopes -> requireOwn(session, limits, scopes),
                owner -> requireSelf(session, person, owner),
                person);
        return management.ownKeys(person, authority, limits);
    }

    private void requireOwn(ManagementSession session, OwnKeyLimits limits, Collection<Scope> scopes) {
        for (Scope scope : scopes) {
            if (!limits.scopes().contains(scope)) {
                throw refused(
                        session,
                        "you may not have an API key of your own with the scope " + scope + "; ask an administrator");
            }
        }
        requireGrantable(session, scopes);
    }

    private void requireSelf(ManagementSession session, KeyOwner person, KeyOwner owner) {
        if (!owner.equals(person)) {
            throw refused(session, "you may manage API keys of your own only; ask an administrator");
        }
    }

    @Override
    public boolean isLimitedToOwnKeys(ManagementSession session) {
        OwnKeyLimits limits = policies.ownKeys();
        return limits != null
                && !policies.management().test(session)
                && limits.permitted().test(session);
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
