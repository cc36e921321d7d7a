package dev.keywright.servlet;

import dev.keywright.BarrierInterruptedException;
import dev.keywright.InvalidRequestException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyNotFoundException;
import dev.keywright.KeywrightException;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/**
 * What becomes of exceptions. What operators must see goes to the log of the application, and clients get a sentence. Safe
 * for use by many threads.
 */
final class FailureResponses {

    private static final String NOT_AVAILABLE = "API keys are not available at the moment; try again";

    private final OutageLog outages = new OutageLog(System::nanoTime);

    JsonResponse ofVerification(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof StoreUnavailableException unavailable) {
            return unavailable(request, unavailable, NOT_AVAILABLE);
        }
        outages.tell(request.getServletContext(), "A request that concerns API keys failed unexpectedly.", failure);
        return JsonResponse.error(500, "something went wrong on our side");
    }

    /** For whoever says that a key has leaked: they are not told what the store did, since that depends on the key. */
    JsonResponse ofReport(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof BadRequestException bad) {
            return JsonResponse.error(400, bad.sentence());
        }
        if (failure instanceof InvalidRequestException invalid) {
            return JsonResponse.error(400, sentence(invalid));
        }
        if (failure instanceof OutcomeUnknownException || failure instanceof BarrierInterruptedException) {
            return unavailable(request, (KeywrightException) failure, NOT_AVAILABLE);
        }
        return ofVerification(request, failure);
    }

    JsonResponse ofManagement(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof BadRequestException bad) {
            return JsonResponse.error(400, bad.sentence());
        }
        if (failure instanceof InvalidRequestException invalid) {
            return JsonResponse.error(400, sentence(invalid));
        }
        if (failure instanceof NotPermittedException notPermitted) {
            return JsonResponse.error(403, sentence(notPermitted));
        }
        if (failure instanceof KeyNotFoundException noSuchKey) {
            return JsonResponse.error(404, sentence(noSuchKey));
        }
        if (failure instanceof KeyConflictException conflict) {
            return JsonResponse.error(409, sentence(conflict));
        }
        if (failure instanceof OutcomeUnknownException unknown) {
            // The key that a POST names was to be new, and nobody has its secret.
            boolean unwanted =
                    request.getMethod().equals("POST") && unknown.id().isPresent();
            String advice = unwanted ? "list the API keys, and revoke this one if it is there" : again(request);
            boolean rotation = unwanted && String.valueOf(request.getPathInfo()).endsWith("/rotate");
            String more = rotation ? "; the one that it was to replace may have an end by now" : "";
            return unavailable(request, unknown, sentence(unknown) + "; " + advice + more);
        }
        if (failure instanceof BarrierInterruptedException notYet) {
            return unavailable(request, notYet, sentence(notYet) + "; " + again(request));
        }
        return ofVerification(request, failure);
    }

    /** Something that is closed to a key was left out of a page which includes it. */
    void leftOut(HttpServletRequest request) {
        outages.tell(
                request.getServletContext(),
                DispatcherType.INCLUDE,
                "What is included at " + RequestPath.of(request).raw() + " is closed to this API key.",
                null);
    }

    /** What is revoked can be revoked again; a change that was made would be refused for its version. */
    private static String again(HttpServletRequest request) {
        return request.getMethod().equals("PATCH") ? "read the API key again" : "send the request again to make sure";
    }

    /** The failure's own words are for the log where strangers may read the answer: they can tell how the store is set up. */
    private JsonResponse unavailable(HttpServletRequest request, KeywrightException failure, String sentence) {
        outages.tell(request.getServletContext(), "The store of API keys could not be relied on.", failure);
        // Long enough for a pool to recover or a standby to be promoted, short enough for a person who waits.
        return JsonResponse.error(503, sentence).with("Retry-After", "5");
    }

    private static String sentence(InvalidRequestException failure) {
        return jsonName(failure.field()) + " " + failure.rule();
    }

    private static String jsonName(InvalidRequestException.Field field) {
        return switch (field) {
            case EXPIRES_AT -> "expires_at";
            case OVERLAP -> "overlap_hours";
            case QUIET -> "quiet_hours";
            case DURATION -> "days";
            case CHANGE -> "the body";
            case NAME, SCOPES, CURSOR, AGE, KEY -> field.toString();
        };
    }

    private static String sentence(KeywrightException failure) {
        return Objects.requireNonNull(failure.getMessage());
    }
}
