package dev.keywright.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/**
 * A request that an API key was good for. Who calls is the key alone: a session that the client may hold beside it must not
 * lend it its roles.
 */
final class ApiKeyRequest extends HttpServletRequestWrapper {

    private final ApiKeyPrincipal principal;
    private final ServletResponse response;

    ApiKeyRequest(HttpServletRequest request, ServletResponse response, ApiKeyPrincipal principal) {
        super(request);
        this.response = response;
        this.principal = principal;
    }

    /** Else the container would go on with its own request, which knows nothing of the key. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
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
