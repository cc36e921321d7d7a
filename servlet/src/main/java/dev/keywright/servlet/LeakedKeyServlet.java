package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.Secret;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Revokes API keys that were found where they should not be, in a repository, a log or a chat. It needs no account: the
 * reporter is a person, or a scanner, that holds the text of a key. The host maps it where it likes, but not below the {@link
 * KeyManagementServlet}, and lets everybody reach it, for example at {@code /api/leaked-keys}:
 *
 * <ul>
 *   <li>{@code POST} with {@code {"key": "ck_…", "reason": "…"}} revokes the key. The value of {@code key} may be any text of
 *       at most 16 KiB with one or more keys in it, such as a line of a configuration file; every key in it is revoked. The
 *       reason is optional; those who manage the key see it, cleaned as {@link ApiKeys#revokeByPossession} says.
 * </ul>
 *
 * <p>A text without a key in it is refused (400). Otherwise the answer is {@code {"ok": true}}, after the same calls of the store
 * and the same wait, whether there was such a key, it was revoked before, or it never existed. When the answer has come, the
 * keys in the text work nowhere any more, as {@link ApiKeys#revokeByPossession} promises it. Holding the text of a key gives
 * no other power. Headers that say who asks are not looked at: an {@link ApiKeyFilter} that stands before it refuses API keys in
 * them as anywhere.
 *
 * <p>Since strangers reach it, it bounds what they can hold:
 *
 * <ol>
 *   <li>A body that has not arrived whole is read without blocking, for at most 10 seconds: a slow client holds a connection and
 *       no thread. <b>This takes asynchronous support</b>, of the servlet's registration and of each filter before it ({@code
 *       setAsyncSupported(true)}). Without it, at most 4 such bodies are waited for at once, and slow clients can keep
 *       others out: on Tomcat everybody, elsewhere those whose bodies do not arrive together with their headers.
 *   <li>Only a report whose body has arrived whole takes one of 4 places, and holds it and a thread until the keys are
 *       revoked everywhere: a third of a second where nodes cache. Each report makes its own writes and its own wait, also
 *       one of a key that another report is about: a wait that began before a report's own write would not cover it.
 *   <li>A report that finds no place is refused immediately (503, {@code Retry-After}); it holds nothing.
 * </ol>
 *
 * <p>A filter before it that does something to the response after the chain has returned must leave a request alone for which
 * {@code isAsyncStarted()} is true, as with any asynchronous servlet. Thread-safe.
 */
public final class LeakedKeyServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Field<String> KEY = Field.text("key");
    private static final Field<String> REASON = Field.text("reason");

    private static final int MAX_CONCURRENT_REPORTS = 4;

    /** Where the container cannot read without blocking, a client that sends a byte now and then holds a thread. */
    private static final int MAX_BLOCKING_READS = 4;

    private static final JsonResponse BUSY = JsonResponse.error(503, "too many requests are on their way; try again")
            .with("Retry-After", "1");

    private final transient ApiKeys keys;
    private final transient FailureResponses failures = new FailureResponses();
    private final transient Semaphore reports = new Semaphore(MAX_CONCURRENT_REPORTS);
    private final transient Semaphore blockingReads = new Semaphore(MAX_BLOCKING_READS);

    /**
     * Makes the servlet.
     *
     * @param keys the keys that may be found
     */
    public LeakedKeyServlet(ApiKeys keys) {
        this.keys = Objects.requireNonNull(keys);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<JsonResponse> answer;
        try {
            answer = request.getMethod().equals("POST")
                    ? report(request, response)
                    : Optional.of(JsonResponse.notAllowed("POST"));
        } catch (RuntimeException e) {
            answer = Optional.of(failures.ofReport(request, e));
        }
        if (answer.isPresent()) {
            answer.get().send(request, response);
        }
    }

    /** {@return the answer; empty where the body has yet to arrive, and the request will be dispatched again} */
    private Optional<JsonResponse> report(HttpServletRequest request, HttpServletResponse response) {
        // No parameter is known: a key that stands in a URL would be in the logs of every proxy on its way.
        RequestInput.ofQuery(request, List.of());
        Optional<String> arrived = AsyncRequestBody.take(request);
        if (arrived.isPresent()) {
            return arrived.map(this::revoke);
        }
        if (RequestBody.hasArrived(request)) {
            return Optional.of(revoke(RequestBody.read(request, RequestBody.LONGEST_KIB)));
        }
        if (AsyncRequestBody.canStart(request)) {
            AsyncRequestBody.start(request, response, RequestBody.LONGEST_KIB);
            return Optional.empty();
        }
        return Optional.of(readBlocking(request));
    }

    private JsonResponse readBlocking(HttpServletRequest request) {
        if (!blockingReads.tryAcquire()) {
            return BUSY;
        }
        String body;
        try {
            body = RequestBody.read(request, RequestBody.LONGEST_KIB);
        } finally {
            blockingReads.release();
        }
        return revoke(body);
    }

    private JsonResponse revoke(String body) {
        RequestInput input = RequestInput.ofBody(body, KEY, REASON);
        Secret found = Secret.of(input.get(KEY));
        String reason = input.find(REASON).orElse("");
        if (!reports.tryAcquire()) {
            return BUSY;
        }
        try {
            keys.revokeByPossession(found, reason);
        } finally {
            reports.release();
        }
        return JsonResponse.of(200, Json.ok());
    }
}
