package dev.keywright.servlet;

import dev.keywright.InvalidRequest;
import dev.keywright.KeywrightException;
import dev.keywright.NoSuchKey;
import dev.keywright.NotPermitted;
import dev.keywright.NotYetEverywhere;
import dev.keywright.OutcomeUnknown;
import dev.keywright.StoreUnavailable;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/** What becomes of exceptions. What operators must see goes to the log of the application, and clients get a sentence. */
final class Failures {

    private Failures() {}

    static Answer ofVerification(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof StoreUnavailable unavailable) {
            return unavailable(request, unavailable, "API keys are not available at the moment; try again");
        }
        request.getServletContext().log("A request that concerns API keys failed unexpectedly.", failure);
        return Answer.error(500, "something went wrong on our side");
    }

    static Answer ofManagement(HttpServletRequest request, RuntimeException failure) {
        if (failure instanceof InvalidRequest invalid) {
            return Answer.error(400, sentence(invalid));
        }
        if (failure instanceof NotPermitted notPermitted) {
            return Answer.error(403, sentence(notPermitted));
        }
        if (failure instanceof NoSuchKey noSuchKey) {
            return Answer.error(404, sentence(noSuchKey));
        }
        if (failure instanceof OutcomeUnknown unknown) {
            return unavailable(
                    request, unknown, sentence(unknown) + "; list the API keys, and revoke this one if it is there");
        }
        if (failure instanceof NotYetEverywhere notYet) {
            return unavailable(request, notYet, sentence(notYet) + "; send the request again to make sure");
        }
        return ofVerification(request, failure);
    }

    /** The failure's own words are for the log where strangers may read the answer: they can tell how the store is set up. */
    private static Answer unavailable(HttpServletRequest request, KeywrightException failure, String sentence) {
        request.getServletContext().log("The store of API keys could not be relied on.", failure);
        // Long enough for a pool to recover or a standby to be promoted, short enough for a person who waits.
        return Answer.error(503, sentence).with("Retry-After", "5");
    }

    private static String sentence(KeywrightException failure) {
        return Objects.requireNonNull(failure.getMessage());
    }
}
