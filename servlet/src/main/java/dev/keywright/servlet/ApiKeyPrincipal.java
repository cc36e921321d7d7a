package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import jakarta.servlet.ServletRequest;
import java.io.Serializable;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;

/**
 * Principal of a request that was authenticated by an API key. Serializable, so that it can be kept in an HTTP session; contains
 * neither the text of the key nor its digest.
 *
 * <p>{@link #of} returns it for every request that an {@link ApiKeyFilter} has admitted. {@code getUserPrincipal()} returns it
 * only if no later security filter replaces the principal.
 *
 * @param key the key as it was when the request was admitted
 */
public record ApiKeyPrincipal(ApiKey key) implements Principal, Serializable {

    private static final String ATTRIBUTE = ApiKeyPrincipal.class.getName();

    /**
     * Creates the principal.
     *
     * @param key the key
     */
    public ApiKeyPrincipal {
        Objects.requireNonNull(key);
    }

    /**
     * Returns the principal of a request, through all wrappers and dispatches.
     *
     * @param request the request, or a wrapper of it
     * @return the principal; empty if no {@link ApiKeyFilter} has admitted the request by an API key
     */
    public static Optional<ApiKeyPrincipal> of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ApiKeyPrincipal principal
                ? Optional.of(principal)
                : Optional.empty();
    }

    /** Stores the principal as an attribute, which outlives wrappers; {@code getUserPrincipal()} of a wrapper does not. */
    void storeIn(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** {@return the id of the key; its name is not unique} */
    @Override
    public String getName() {
        return key.id().value();
    }

    /** {@return the tenant of the key; the client may access the data of this tenant only} */
    public TenantId tenant() {
        return key.tenant();
    }
}
