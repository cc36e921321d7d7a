package dev.keywright.examples.portal;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions of browsers, by random session ids. An id is valid for a working day at most, and until sign-out. The cookie has the id
 * and never the session token of the person. Thread-safe.
 */
final class BrowserSessions {

    static final Duration MAX_AGE = Duration.ofHours(8);

    /** Sufficient for the demo; another sign-in evicts the oldest session. */
    static final int MAX_SESSIONS = 100;

    private final SecureRandom random;
    private final Clock clock;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(DemoPerson person, Instant startedAt) {}

    BrowserSessions(SecureRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** {@return the id of a new session of the person} */
    synchronized String start(DemoPerson person) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        sessions.values().removeIf(this::isExpired);
        if (sessions.size() >= MAX_SESSIONS) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        sessions.put(id, new Session(person, clock.instant()));
        return id;
    }

    synchronized Optional<DemoPerson> find(String id) {
        return Optional.ofNullable(sessions.get(id))
                .filter(session -> !isExpired(session))
                .map(Session::person);
    }

    synchronized void end(String id) {
        sessions.remove(id);
    }

    private boolean isExpired(Session session) {
        return Duration.between(session.startedAt, clock.instant()).compareTo(MAX_AGE) >= 0;
    }
}
