package dev.keywright.core;

import dev.keywright.ApiKeys;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermitted;
import dev.keywright.Scope;
import dev.keywright.ScopeCatalog;
import dev.keywright.Session;
import dev.keywright.TenantKeys;
import dev.keywright.Verification;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two halves together: verification for anybody, management for sessions that the rule lets through. */
final class StoreBackedKeys implements ApiKeys {

    private static final Logger log = LoggerFactory.getLogger(StoreBackedKeys.class);

    private final KeyVerifier verifier;
    private final Predicate<Session> mayManage;
    private final ManagedKeys.Means means;

    StoreBackedKeys(KeyVerifier verifier, Predicate<Session> mayManage, ManagedKeys.Means means) {
        this.verifier = verifier;
        this.mayManage = mayManage;
        this.means = means;
    }

    @Override
    public boolean claims(String token) {
        return verifier.claims(token);
    }

    @Override
    public Verification verify(String token) {
        return verifier.verify(token);
    }

    @Override
    public Verification verify(String token, Scope required) {
        return verifier.verify(token, required);
    }

    @Override
    public TenantKeys managedBy(Session session) {
        if (!mayManage.test(session)) {
            log.info("managing API keys of tenant {} refused to user {}", session.tenant(), session.user());
            throw new NotPermitted("you may not manage API keys; ask whoever administers them");
        }
        return new ManagedKeys(session, means);
    }

    @Override
    public ScopeCatalog offered() {
        return means.offered();
    }
}
