package dev.keywright.examples.portal;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in with a browser. The browser holds a name of the session that was drawn for it, in a cookie that no script
 * can read, and sends it by itself; why that opens nothing to other sites is in docs/adr/0014. Safe for use by many threads.
 */
final class BrowserSessions {

    private static final String COOKIE = "portal-session";
    private static final Duration LONGEST = Duration.ofHours(8);

    /** More than the demo people have browsers; whoever signs in beyond that ends the oldest session. */
    private static final int MOST = 100;

    private final SecureRandom random;
    private final Clock clock;
    private final Map<String, Started> sessions = new LinkedHashMap<>();

    private record Started(DemoPerson person, Instant at) {}

    BrowserSessions(SecureRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** {@return a cookie under which the person is signed in from now on, under a name that was never used before} */
    synchronized Cookie start(DemoPerson person) {
        byte[] name = new byte[32];
        random.nextBytes(name);
        String drawn = HexFormat.of().formatHex(name);
        sessions.values().removeIf(this::isOver);
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        sessions.put(drawn, new Started(person, clock.instant()));
        return cookie(drawn);
    }

    /** {@return who is signed in; nobody where there are two such cookies, of which one was put there by somebody else} */
    synchronized Optional<DemoPerson> find(HttpServletRequest request) {
        return name(request)
                .map(sessions::get)
                .filter(started -> !isOver(started))
                .map(Started::person);
    }

    /** {@return a cookie that takes the place of the one whose session has now ended} */
    synchronized Cookie end(HttpServletRequest request) {
        name(request).ifPresent(sessions::remove);
        Cookie none = cookie("");
        none.setMaxAge(0);
        return none;
    }

    private boolean isOver(Started started) {
        return Duration.between(started.at, clock.instant()).compareTo(LONGEST) >= 0;
    }

    private static Optional<String> name(HttpServletRequest request) {
        Cookie[] all = request.getCookies();
        List<Cookie> ours = Arrays.stream(all == null ? new Cookie[0] : all)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .toList();
        return ours.size() == 1 ? Optional.of(ours.get(0).getValue()) : Optional.empty();
    }

    private static Cookie cookie(String value) {
        Cookie cookie = new Cookie(COOKIE, value);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Strict");
        return cookie;
    }
}
