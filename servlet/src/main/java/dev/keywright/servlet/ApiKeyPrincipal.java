package dev.keywright.servlet;

import dev.keywright.ApiKey;
import dev.keywright.TenantId;
import jakarta.servlet.ServletRequest;
import java.io.Serializable;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;

/**
 * The API key on whose behalf a request is made. Serializable, so that it survives in an HTTP session; it carries neither the
 * text of the key nor its digest.
 *
 * <p>{@link #of} finds it in every request that an {@link ApiKeyFilter} has let in. {@code getUserPrincipal()} finds it only
 * as long as no security filter behind the {@code ApiKeyFilter} replaces the principal.
 *
 * @param key what is known of the key, as it was when the request was let in
 */
public record ApiKeyPrincipal(ApiKey key) implements Principal, Serializable {

    private static final String ATTRIBUTE = ApiKeyPrincipal.class.getName();

    /**
     * Takes the key.
     *
     * @param key the key
     */
    public ApiKeyPrincipal {
        Objects.requireNonNull(key);
    }

    /**
     * Returns the principal of a request, however the request has been wrapped or dispatched since the filter let it in.
     *
     * @param request the request, or a wrapper of it
     * @return the principal; empty where no {@link ApiKeyFilter} has let the request in on behalf of an API key
     */
    public static Optional<ApiKeyPrincipal> of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ApiKeyPrincipal principal
                ? Optional.of(principal)
                : Optional.empty();
    }

    /** Stores the principal in the request itself: the attribute outlives wrappers, the principal of a wrapper does not. */
    void storeIn(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
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
