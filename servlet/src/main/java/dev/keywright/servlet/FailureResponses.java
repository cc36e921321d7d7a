package dev.keywright.servlet;

import dev.keywright.AlreadyIssuedException;
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

/** Maps exceptions to responses, and logs failures of the store and defects to the servlet context. Thread-safe. */
final class FailureResponses {

    private static final String NOT_AVAILABLE = "API keys are not available at the moment; try again";

    private final ThrottledLog throttledLog = new ThrottledLog(System::nanoTime);

    JsonResponse ofVerification(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof StoreUnavailableException unavailable) {
            return unavailable(request, unavailable, NOT_AVAILABLE);
        }
        throttledLog.log(request.getServletContext(), "API key request failed unexpectedly.", failure);
        return JsonResponse.error(500, "something went wrong on our side");
    }

    /** Maps a failure of a leak report. The response must not reveal the outcome in the store, which depends on the key. */
    JsonResponse ofReport(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof BadRequestException bad) {
            return JsonResponse.error(400, bad.sentence());
        }
        if (failure instanceof InvalidRequestException invalid) {
            return JsonResponse.error(400, message(invalid));
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
            return JsonResponse.error(400, message(invalid));
        }
        if (failure instanceof NotPermittedException notPermitted) {
            return JsonResponse.error(403, message(notPermitted));
        }
        if (failure instanceof KeyNotFoundException notFound) {
            return JsonResponse.error(404, message(notFound));
        }
        if (failure instanceof KeyConflictException conflict) {
            return JsonResponse.error(409, message(conflict));
        }
        if (failure instanceof AlreadyIssuedException issued) {
            return JsonResponse.of(409, Json.alreadyIssued(message(issued), issued.id()));
        }
        if (failure instanceof OutcomeUnknownException unknown) {
            // A request that creates a key may have created the one of this id, whose secret is lost.
            boolean orphaned = creates(request) && unknown.id().isPresent();
            String advice = orphaned ? "list the API keys, and revoke this one if it is there" : retryAdvice(request);
            boolean rotation = orphaned && String.valueOf(request.getPathInfo()).endsWith("/rotate");
            String suffix = rotation ? "; the API key that it replaces may now expire earlier" : "";
            return unavailable(request, unknown, message(unknown) + "; " + advice + suffix);
        }
        if (failure instanceof BarrierInterruptedException interrupted) {
            return unavailable(request, interrupted, message(interrupted) + "; " + retryAdvice(request));
        }
        return ofVerification(request, failure);
    }

    /** Logs an include that was omitted because the key may not use it. */
    void includeOmitted(HttpServletRequest request) {
        throttledLog.log(
                request.getServletContext(),
                DispatcherType.INCLUDE,
                "Include of " + RequestPath.of(request).raw() + " omitted: the API key may not use it.",
                null);
    }

    private static boolean creates(HttpServletRequest request) {
        String path = request.getPathInfo();
        return request.getMethod().equals("POST") && (path == null || path.endsWith("/rotate"));
    }

    /** Revocations and suspensions are idempotent; a repeated change would conflict with its own version. */
    private static String retryAdvice(HttpServletRequest request) {
        return request.getMethod().equals("PATCH") ? "read the API key again" : "send the request again to make sure";
    }

    /** Logs the failure. Its message may describe the configuration of the store, so the caller decides what the client sees. */
    private JsonResponse unavailable(HttpServletRequest request, KeywrightException failure, String message) {
        throttledLog.log(request.getServletContext(), "API key store unavailable; responding with 503.", failure);
        // Long enough for a connection pool to recover or a standby to take over, short enough for a person who waits.
        return JsonResponse.error(503, message).with("Retry-After", "5");
    }

    private static String message(InvalidRequestException failure) {
        return jsonName(failure.field()) + " " + failure.rule();
    }

    private static String jsonName(InvalidRequestException.Field field) {
        return switch (field) {
            case EXPIRES_AT -> "expires_at";
            case OVERLAP -> "overlap_hours";
            case QUIET -> "quiet_hours";
            case DURATION -> "days";
            case CHANGE -> "the body";
            case NAME, SCOPES, DESCRIPTION, ENVIRONMENT, OWNER, ATTRIBUTES, PREFIX, CURSOR, AGE, KEY ->
                field.toString();
        };
    }

    private static String message(KeywrightException failure) {
        return Objects.requireNonNull(failure.getMessage());
    }
}
