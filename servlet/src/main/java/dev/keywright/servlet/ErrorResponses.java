package dev.keywright.servlet;

import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verified;
import dev.keywright.servlet.RouteTable.Route;
import java.util.Optional;

/** Responses to requests that are not authenticated or not authorized (RFC 6750, section 3). */
final class ErrorResponses {

    /** The same for malformed, unknown, revoked, suspended and expired keys, so as not to reveal whether a key ever existed. */
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

    /** {@return the response to a valid key that no route admits, or only one for another environment} */
    static JsonResponse notAdmitted(Verified valid, Optional<Route> route) {
        return route.flatMap(Route::environment)
                .map(required -> wrongEnvironment(valid.environment(), required))
                .orElse(NO_ROUTE);
    }

    /** Without a scope, since no scope helps this key. */
    private static JsonResponse wrongEnvironment(Optional<String> actual, String required) {
        String sentence = "this API key "
                + actual.map(environment -> "is for the environment " + environment)
                        .orElse("has no environment")
                + "; this address needs one for " + required;
        return challenge(403, sentence, ", error=\"insufficient_scope\"");
    }

    private static JsonResponse challenge(int status, String message, String parameters) {
        return JsonResponse.error(status, message).with("WWW-Authenticate", "Bearer realm=\"api\"" + parameters);
    }
}
