package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import java.io.Serializable;
import java.security.Principal;
import java.util.Objects;

/**
 * The API key on whose behalf a request is made. Serializable, so that it survives in an HTTP session; it carries neither the
 * text of the key nor its digest.
 *
 * @param key what is known of the key, as it was when the request was let in
 */
public record ApiKeyPrincipal(ApiKey key) implements Principal, Serializable {

    /**
     * Takes the key.
     *
     * @param key the key
     */
    public ApiKeyPrincipal {
        Objects.requireNonNull(key);
    }

    /** {@return the id of the key: its name is not unique, and anybody may have chosen it} */
    @Override
    public String getName() {
        return key.id().value();
    }

    /** {@return whom the key belongs to: nothing of another tenant's may be shown to this caller} */
    public TenantId tenant() {
        return key.tenant();
    }
}
