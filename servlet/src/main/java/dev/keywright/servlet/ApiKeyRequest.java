package dev.keywright.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/**
 * Request that was authenticated by an API key. The scopes of the key are its only roles: an HTTP session of the same client adds
 * none.
 */
final class ApiKeyRequest extends HttpServletRequestWrapper {

    private final ApiKeyPrincipal principal;
    private final ServletResponse response;

    ApiKeyRequest(HttpServletRequest request, ServletResponse response, ApiKeyPrincipal principal) {
        super(request);
        this.response = response;
        this.principal = principal;
    }

    /** Starts with this wrapper: the container would otherwise continue with its own request, which has no principal. */
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
