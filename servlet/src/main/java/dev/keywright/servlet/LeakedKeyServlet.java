package dev.keywright.servlet;

import dev.keywright.ApiKeys;
import dev.keywright.Secret;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * Lets whoever has found an API key where it should not be, in a repository, a log or a chat, end it at once, without an
 * account and without knowing whose it is: a person, or a scanner that looks for what begins as our keys do. The host maps
 * it where it likes, but not below the {@link KeyManagementServlet}, and lets everybody reach it, for example at
 * {@code /api/leaked-keys}:
 *
 * <ul>
 *   <li>{@code POST} with {@code {"key": "ck_…", "reason": "…"}} revokes the key; the reason, by which those who manage the
 *       key will see where it was found, need not be said.
 * </ul>
 *
 * <p>Whoever holds the text of a key can do as much with it as the key may, or end it; this gives them no other power. The
 * answer is {@code {"ok": true}}, whether there was such a key or not. When it has come, the key works nowhere any more, as
 * {@link ApiKeys#revokeByPossession} promises it. Headers that say who asks are not looked at: an {@link ApiKeyFilter} that
 * stands before it refuses API keys in them as anywhere.
 *
 * <p>Since strangers reach it, no more than a few of their bodies are waited for at once; who comes then is told to try again
 * (503). Safe for use by many threads.
 */
public final class LeakedKeyServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Field<String> KEY = Field.text("key");
    private static final Field<String> REASON = Field.text("reason");

    /** A client that sends a byte now and then holds a thread: they must not come to hold all of them. */
    private static final int MOST_READ_AT_ONCE = 4;

    private final transient ApiKeys keys;
    private final transient Failures failures = new Failures();
    private final transient Semaphore reading = new Semaphore(MOST_READ_AT_ONCE);

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
        Answer answer;
        try {
            answer = request.getMethod().equals("POST") ? revoke(request) : Answer.notAllowed("POST");
        } catch (RuntimeException e) {
            answer = failures.ofReport(request, e);
        }
        answer.send(request, response);
    }

    private Answer revoke(HttpServletRequest request) {
        // None is known: a key that stands in a URL would be in the logs of whatever has passed it on.
        Input.ofQuery(request, List.of());
        if (!reading.tryAcquire()) {
            return Answer.error(503, "too many requests are on their way; try again")
                    .with("Retry-After", "1");
        }
        Input body;
        try {
            body = Input.ofBody(Body.read(request, Body.LONGEST_KIB), KEY, REASON);
        } finally {
            reading.release();
        }
        // Blanks come along when somebody copies a key; and nobody would be told that it was not found because of them.
        String text = body.get(KEY).strip();
        keys.revokeByPossession(Secret.of(text), body.find(REASON).orElse(""));
        return Answer.of(200, Json.ok());
    }
}
