package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Authority to manage keys of one tenant. The tenant and the actor come from a session or a job, never from a request.
 *
 * @param tenant the tenant of the keys
 * @param actor the person or the job that manages them
 * @param grants throws an exception if the actor may not grant one of the scopes
 * @param transfers throws an exception if the actor may not give keys to the owner
 * @param owner the owner of all keys that may be managed; null for all keys of the tenant
 */
record Authority(
        TenantId tenant,
        Actor actor,
        Consumer<Collection<Scope>> grants,
        Consumer<KeyOwner> transfers,
        @Nullable KeyOwner owner) {

    void requireGrantable(Collection<Scope> scopes) {
        grants.accept(scopes);
    }

    void requireOwnable(KeyOwner to) {
        transfers.accept(to);
    }

    /** Whether a key of the tenant may be managed; otherwise it is treated as missing. */
    boolean covers(ApiKey key) {
        return owner == null || key.owner().equals(Optional.of(owner));
    }
}
