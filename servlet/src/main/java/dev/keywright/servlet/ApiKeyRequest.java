package dev.keywright.servlet;

import dev.keywright.ApiKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/**
 * A request that an API key was good for. Who calls is the key alone: a session that the client may hold beside it must not
 * lend it its roles.
 */
final class ApiKeyRequest extends HttpServletRequestWrapper {

    private final ApiKeyPrincipal principal;

    ApiKeyRequest(HttpServletRequest request, ApiKey key) {
        super(request);
        this.principal = new ApiKeyPrincipal(key);
    }

    @Override
    public Principal getUserPrincipal() {
        return principal;
    }

    @Override
    public String getRemoteUser() {
        return principal.getName();
    }

    @Override
    public String getAuthType() {
        return "Bearer";
    }

    @Override
    public boolean isUserInRole(String role) {
        return principal.key().scopes().asList().stream()
                .anyMatch(scope -> scope.value().equals(role));
    }
}
