package dev.keywright.servlet;

import dev.keywright.Conflict;
import dev.keywright.InvalidRequest;
import dev.keywright.KeywrightException;
import dev.keywright.NoSuchKey;
import dev.keywright.NotPermitted;
import dev.keywright.NotYetEverywhere;
import dev.keywright.OutcomeUnknown;
import dev.keywright.StoreUnavailable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;

/**
 * What becomes of exceptions. What operators must see goes to the log of the application, and clients get a sentence. Safe
 * for use by many threads.
 */
final class Failures {

    private static final String NOT_AVAILABLE = "API keys are not available at the moment; try again";

    /** What clients call that which the library calls otherwise. */
    private static final Map<String, String> NAMES = Map.of(
            "endsAt", "expires_at",
            "overlap", "overlap_hours",
            "quiet", "quiet_hours",
            "duration", "days",
            "the change", "the body");

    private final Outages outages = new Outages(System::nanoTime);

    Answer ofVerification(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof StoreUnavailable unavailable) {
            return unavailable(request, unavailable, NOT_AVAILABLE);
        }
        outages.tell(request.getServletContext(), "A request that concerns API keys failed unexpectedly.", failure);
        return Answer.error(500, "something went wrong on our side");
    }

    /** For whoever says that a key has leaked: they are not told what the store did, since that depends on the key. */
    Answer ofReport(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof InvalidRequest invalid) {
            return Answer.error(400, sentence(invalid));
        }
        if (failure instanceof OutcomeUnknown || failure instanceof NotYetEverywhere) {
            return unavailable(request, (KeywrightException) failure, NOT_AVAILABLE);
        }
        return ofVerification(request, failure);
    }

    Answer ofManagement(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof InvalidRequest invalid) {
            return Answer.error(400, sentence(invalid));
        }
        if (failure instanceof NotPermitted notPermitted) {
            return Answer.error(403, sentence(notPermitted));
        }
        if (failure instanceof NoSuchKey noSuchKey) {
            return Answer.error(404, sentence(noSuchKey));
        }
        if (failure instanceof Conflict conflict) {
            return Answer.error(409, sentence(conflict));
        }
        if (failure instanceof OutcomeUnknown unknown) {
            // The key that a POST names was to be new, and nobody has its secret.
            boolean unwanted =
                    request.getMethod().equals("POST") && unknown.id().isPresent();
            String advice = unwanted ? "list the API keys, and revoke this one if it is there" : again(request);
            boolean rotation = unwanted && String.valueOf(request.getPathInfo()).endsWith("/rotate");
            String more = rotation ? "; the one that it was to replace may have an end by now" : "";
            return unavailable(request, unknown, sentence(unknown) + "; " + advice + more);
        }
        if (failure instanceof NotYetEverywhere notYet) {
            return unavailable(request, notYet, sentence(notYet) + "; " + again(request));
        }
        return ofVerification(request, failure);
    }

    /** Something that is closed to a key was left out of a page which includes it. */
    void leftOut(HttpServletRequest request) {
        outages.tell(
                request.getServletContext(),
                DispatcherType.INCLUDE,
                "What is included at " + Asked.of(request).raw() + " is closed to this API key.",
                null);
    }

    /** What is revoked can be revoked again; a change that was made would be refused for its version. */
    private static String again(HttpServletRequest request) {
        return request.getMethod().equals("PATCH") ? "read the API key again" : "send the request again to make sure";
    }

    /** The failure's own words are for the log where strangers may read the answer: they can tell how the store is set up. */
    private Answer unavailable(HttpServletRequest request, KeywrightException failure, String sentence) {
        outages.tell(request.getServletContext(), "The store of API keys could not be relied on.", failure);
        // Long enough for a pool to recover or a standby to be promoted, short enough for a person who waits.
        return Answer.error(503, sentence).with("Retry-After", "5");
    }

    private static String sentence(InvalidRequest failure) {
        return NAMES.getOrDefault(failure.field(), failure.field()) + " " + failure.rule();
    }

    private static String sentence(KeywrightException failure) {
        return Objects.requireNonNull(failure.getMessage());
    }
}
