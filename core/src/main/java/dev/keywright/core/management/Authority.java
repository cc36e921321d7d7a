package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.Scope;
import dev.keywright.TenantId;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Authority to manage the keys of one tenant. The tenant and the actor come from a session or a job, never from a request.
 *
 * @param tenant the owner of the keys
 * @param actor the person or the job that manages them
 * @param grants throws an exception if the actor may not grant one of the scopes
 */
record Authority(TenantId tenant, Actor actor, Consumer<Collection<Scope>> grants) {

    void requireGrantable(Collection<Scope> scopes) {
        grants.accept(scopes);
    }
}
