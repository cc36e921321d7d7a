package dev.keywright.servlet;

import dev.keywright.Rejected;
import dev.keywright.Scope;

/** How we say no to whoever presents a key or a token: RFC 6750, section 3. */
final class Refusals {

    /** One answer for malformed, unknown, revoked and expired: nobody learns from it whether a key ever existed. */
    static final Answer NOT_VALID = challenge(401, "the API key is not valid", ", error=\"invalid_token\"");

    static final Answer REPEATED = challenge(
            400,
            "the Authorization header must be sent once, and no other token with it",
            ", error=\"invalid_request\"");

    /** Without an error code, since the method of authentication is not supported (RFC 6750, section 3.1). */
    static final Answer MISPLACED =
            challenge(401, "an API key must be sent in the header \"Authorization: Bearer <key>\"", "");

    static final Answer CLOSED_TO_KEYS = Answer.error(403, "API keys cannot be used here");

    static final Answer KEYS_CANNOT_MANAGE = Answer.error(403, "API keys cannot manage API keys");

    private Refusals() {}

    static Answer of(Rejected rejected) {
        return rejected.missingScope().map(Refusals::missingScope).orElse(NOT_VALID);
    }

    /** {@return a refusal of somebody without a key or session; it speaks of an invalid token only where there was one} */
    static Answer notAuthenticated(Presented presented, String sentence) {
        boolean token = presented.kind() != Presented.Kind.NOTHING;
        return challenge(401, sentence, token ? ", error=\"invalid_token\"" : "");
    }

    private static Answer missingScope(Scope scope) {
        return challenge(
                403, "the API key lacks the scope " + scope, ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }

    private static Answer challenge(int status, String sentence, String parameters) {
        return Answer.error(status, sentence).with("WWW-Authenticate", "Bearer realm=\"api\"" + parameters);
    }
}
