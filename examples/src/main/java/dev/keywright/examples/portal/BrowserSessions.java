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
 * Who is signed in with a browser, by the name that was drawn for their session. A name says nothing, works for a working day
 * at most, and is forgotten where somebody signs out: the session token of the person never goes into a cookie. Safe for use by
 * many threads.
 */
final class BrowserSessions {

    static final Duration LONGEST = Duration.ofHours(8);

    /** More than the demo people have browsers; whoever signs in beyond that ends the oldest session. */
    static final int MOST = 100;

    private final SecureRandom random;
    private final Clock clock;
    private final Map<String, Started> sessions = new LinkedHashMap<>();

    private record Started(DemoPerson person, Instant at) {}

    BrowserSessions(SecureRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** {@return a name that was never used before, under which the person is signed in from now on} */
    synchronized String start(DemoPerson person) {
        byte[] drawn = new byte[32];
        random.nextBytes(drawn);
        String name = HexFormat.of().formatHex(drawn);
        sessions.values().removeIf(this::isOver);
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        sessions.put(name, new Started(person, clock.instant()));
        return name;
    }

    synchronized Optional<DemoPerson> find(String name) {
        return Optional.ofNullable(sessions.get(name))
                .filter(started -> !isOver(started))
                .map(Started::person);
    }

    synchronized void end(String name) {
        sessions.remove(name);
    }

    private boolean isOver(Started started) {
        return Duration.between(started.at, clock.instant()).compareTo(LONGEST) >= 0;
    }
}
