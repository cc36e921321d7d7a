package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyVerifier;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.cache.CacheRuntime;
import dev.keywright.management.Job;
import dev.keywright.management.KeyOperations;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All together: verification for anybody, management for sessions that the rule lets through, operation for jobs. */
public final class DefaultApiKeys implements ApiKeys {

    private static final int MAX_KEYS_IN_TEXT = 100;

    private final KeyVerifier verifier;
    private final Predicate<ManagementSession> mayManage;
    private final BiPredicate<ManagementSession, Scope> mayGrant;
    private final Means means;
    private final Maintenance housekeeping;
    private final @Nullable CacheRuntime cache;

    public DefaultApiKeys(
            KeyVerifier verifier,
            Predicate<ManagementSession> mayManage,
            BiPredicate<ManagementSession, Scope> mayGrant,
            Means means,
            Maintenance housekeeping,
            @Nullable CacheRuntime cache) {
        this.verifier = verifier;
        this.mayManage = mayManage;
        this.mayGrant = mayGrant;
        this.means = means;
        this.housekeeping = housekeeping;
        this.cache = cache;
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
        if (!mayManage.test(session)) {
            throw refused(session, "you may not manage API keys; ask whoever administers them");
        }
        Actor person = Actor.person(session.user());
        return new DefaultTenantKeys(session.tenant(), person, scopes -> requireGrantable(session, scopes), means);
    }

    private void requireGrantable(ManagementSession session, Collection<Scope> scopes) {
        for (Scope scope : scopes) {
            if (!mayGrant.test(session, scope)) {
                throw refused(session, "you may not hand out the scope " + scope + "; ask whoever administers them");
            }
        }
    }

    private NotPermittedException refused(ManagementSession session, String why) {
        means.events().refused(session, why);
        return new NotPermittedException(why);
    }

    @Override
    public KeyOperations operatedBy(Job job) {
        return new DefaultKeyOperations(Actor.job(job), means, cache);
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
        Revocation revocation = means.revocation(StoredValues.holder(), reason);
        boolean any = false;
        Duration lease = Duration.ZERO;
        try {
            for (String text : texts) {
                List<ApiKey> found = means.keyFinder().findAll(text);
                for (ApiKey key : found) {
                    lease = means.revoke(key.tenant(), key.id(), revocation).lease();
                }
                if (found.isEmpty()) {
                    lease = means.fence().lease();
                }
                any |= !found.isEmpty();
            }
        } catch (OutcomeUnknownException e) {
            // With an id it would tell that there is such a key.
            throw new OutcomeUnknownException(e);
        }
        means.barrier().await(lease);
        return any;
    }

    private List<String> textsIn(Secret secret) {
        List<String> texts = means.keyFinder()
                .keysIn(secret.reveal())
                .limit(MAX_KEYS_IN_TEXT + 1L)
                .toList();
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

    @Override
    public ScopeCatalog scopeCatalog() {
        return means.policy().scopeCatalog();
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
        housekeeping.close();
    }
}
