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
 * Revokes API keys that were found in a public place: a repository, a log or a chat. A reporter, whether a person or a scanner,
 * needs no account, only the text of a key. The host maps the servlet to any path outside the {@link KeyManagementServlet},
 * without authentication, for example {@code /api/leaked-keys}:
 *
 * <ul>
 *   <li>{@code POST} with {@code {"key": "ck_…", "reason": "…"}} revokes the key. The value of {@code key} may be any text of
 *       at most 16 KiB that contains one or more keys, such as a line of a configuration file; every key in it is revoked. The
 *       reason is optional; the managers of the key see it, sanitized as in {@link ApiKeys#revokeByPossession}.
 * </ul>
 *
 * <p>A text without a key is rejected (400). Otherwise the response is {@code {"ok": true}}, after the same store calls and the
 * same revocation barrier, whether the key was active, inactive or never existed. After the response no node accepts any key of
 * the text, as {@link ApiKeys#revokeByPossession} guarantees. Possession of a key permits no other operation. Headers with
 * credentials are ignored; an {@link ApiKeyFilter} in front rejects API keys in them, as on any path without a route.
 *
 * <p>The servlet is open to anonymous clients, so it bounds the resources that they can hold:
 *
 * <ol>
 *   <li>A body that has not arrived completely is read without blocking, for at most 10 seconds: a slow client holds a connection,
 *       but no thread. <b>This requires asynchronous support</b> of the servlet's registration and of each filter in front
 *       ({@code setAsyncSupported(true)}). Without it, at most 4 such bodies are read concurrently, and slow clients can exclude
 *       others: on Tomcat all of them, elsewhere those whose bodies do not arrive together with their headers.
 *   <li>A report whose body has arrived takes one of 4 permits, and holds it and a thread until no node accepts the keys: a third
 *       of a second with caching nodes. Each report makes its own writes and waits for its own barrier, even if another report has
 *       the same key: a barrier that began before the report's own write would not cover it.
 *   <li>A report without a permit is rejected immediately (503, {@code Retry-After}).
 * </ol>
 *
 * <p>A filter in front that changes the response after the chain has returned must skip requests for which {@code
 * isAsyncStarted()} is true, as for any asynchronous servlet. Thread-safe.
 */
public final class LeakedKeyServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Field<String> KEY = Field.text("key");
    private static final Field<String> REASON = Field.text("reason");

    private static final int MAX_CONCURRENT_REPORTS = 4;

    /** Applies without asynchronous support, where a slow client holds a thread. */
    private static final int MAX_BLOCKING_READS = 4;

    private static final JsonResponse BUSY = JsonResponse.error(503, "too many reports are being processed; try again")
            .with("Retry-After", "1");

    private final transient ApiKeys keys;
    private final transient FailureResponses failures = new FailureResponses();
    private final transient Semaphore reports = new Semaphore(MAX_CONCURRENT_REPORTS);
    private final transient Semaphore blockingReads = new Semaphore(MAX_BLOCKING_READS);

    /**
     * Creates the servlet.
     *
     * @param keys the keys that may be revoked
     */
    public LeakedKeyServlet(ApiKeys keys) {
        this.keys = Objects.requireNonNull(keys);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<JsonResponse> result;
        try {
            result = request.getMethod().equals("POST")
                    ? report(request, response)
                    : Optional.of(JsonResponse.notAllowed("POST"));
        } catch (RuntimeException e) {
            result = Optional.of(failures.ofReport(request, e));
        }
        if (result.isPresent()) {
            result.get().send(request, response);
        }
    }

    /** {@return the response; empty if the body is still arriving and the request will be dispatched again} */
    private Optional<JsonResponse> report(HttpServletRequest request, HttpServletResponse response) {
        // Parameters are rejected: every proxy would log a key in a URL.
        RequestInput.ofQuery(request, List.of());
        Optional<String> arrived = AsyncRequestBody.take(request);
        if (arrived.isPresent()) {
            return arrived.map(this::revoke);
        }
        if (RequestBody.hasArrived(request)) {
            return Optional.of(revoke(RequestBody.read(request, RequestBody.MAX_KIB)));
        }
        if (AsyncRequestBody.canStart(request)) {
            AsyncRequestBody.start(request, response, RequestBody.MAX_KIB);
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
            body = RequestBody.read(request, RequestBody.MAX_KIB);
        } finally {
            blockingReads.release();
        }
        return revoke(body);
    }

    private JsonResponse revoke(String body) {
        RequestInput input = RequestInput.ofBody(body, KEY, REASON);
        Secret text = Secret.of(input.get(KEY));
        String reason = input.find(REASON).orElse("");
        if (!reports.tryAcquire()) {
            return BUSY;
        }
        try {
            keys.revokeByPossession(text, reason);
        } finally {
            reports.release();
        }
        return JsonResponse.of(200, Json.ok());
    }
}
