package dev.keywright.servlet;

import dev.keywright.Rejected;
import dev.keywright.Scope;

/** How we say no to whoever presents a key or a token: RFC 6750, section 3. */
final class ErrorResponses {

    /** One answer for malformed, unknown, revoked and expired: nobody learns from it whether a key ever existed. */
    static final JsonResponse NOT_VALID = challenge(401, "the API key is not valid", ", error=\"invalid_token\"");

    static final JsonResponse REPEATED = challenge(
            400,
            "the Authorization header must be sent once, and no other token with it",
            ", error=\"invalid_request\"");

    /** Without an error code, since the method of authentication is not supported (RFC 6750, section 3.1). */
    static final JsonResponse MISPLACED =
            challenge(401, "an API key must be sent in the header \"Authorization: Bearer <key>\"", "");

    static final JsonResponse CLOSED_TO_KEYS = JsonResponse.error(403, "API keys cannot be used here");

    static final JsonResponse KEYS_CANNOT_MANAGE = JsonResponse.error(403, "API keys cannot manage API keys");

    private ErrorResponses() {}

    static JsonResponse of(Rejected rejected) {
        return rejected.missingScope().map(ErrorResponses::missingScope).orElse(NOT_VALID);
    }

    /** {@return a refusal of somebody without a key or session; it speaks of an invalid token only where there was one} */
    static JsonResponse notAuthenticated(BearerCredentials presented, String sentence) {
        boolean token = presented.kind() != BearerCredentials.Kind.NOTHING;
        return challenge(401, sentence, token ? ", error=\"invalid_token\"" : "");
    }

    private static JsonResponse missingScope(Scope scope) {
        return challenge(
                403, "the API key lacks the scope " + scope, ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }

    private static JsonResponse challenge(int status, String sentence, String parameters) {
        return JsonResponse.error(status, sentence).with("WWW-Authenticate", "Bearer realm=\"api\"" + parameters);
    }
}
