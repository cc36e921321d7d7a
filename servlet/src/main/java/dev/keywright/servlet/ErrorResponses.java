package dev.keywright.servlet;

import dev.keywright.Rejected;
import dev.keywright.Scope;

/** Responses to requests that are not authenticated or not authorized (RFC 6750, section 3). */
final class ErrorResponses {

    /** The same for malformed, unknown, revoked and expired keys, so as not to reveal whether a key ever existed. */
    static final JsonResponse INVALID_KEY = challenge(401, "the API key is not valid", ", error=\"invalid_token\"");

    static final JsonResponse REPEATED = challenge(
            400,
            "the Authorization header must be sent once, and no other token with it",
            ", error=\"invalid_request\"");

    /** Without an error code, since the method of authentication is not supported (RFC 6750, section 3.1). */
    static final JsonResponse MISPLACED =
            challenge(401, "an API key must be sent in the header \"Authorization: Bearer <key>\"", "");

    static final JsonResponse NO_ROUTE = JsonResponse.error(403, "API keys cannot be used here");

    static final JsonResponse KEYS_CANNOT_MANAGE = JsonResponse.error(403, "API keys cannot manage API keys");

    private ErrorResponses() {}

    static JsonResponse of(Rejected rejected) {
        return rejected.missingScope().map(ErrorResponses::missingScope).orElse(INVALID_KEY);
    }

    /** {@return a 401 response, with {@code error="invalid_token"} only if the request has a token} */
    static JsonResponse unauthenticated(BearerCredentials credentials, String message) {
        boolean hasToken = credentials.kind() != BearerCredentials.Kind.NONE;
        return challenge(401, message, hasToken ? ", error=\"invalid_token\"" : "");
    }

    private static JsonResponse missingScope(Scope scope) {
        return challenge(
                403, "the API key lacks the scope " + scope, ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }

    private static JsonResponse challenge(int status, String message, String parameters) {
        return JsonResponse.error(status, message).with("WWW-Authenticate", "Bearer realm=\"api\"" + parameters);
    }
}
