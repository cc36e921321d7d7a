package dev.keywright.examples.portal;

import dev.keywright.management.ManagementSession;
import dev.keywright.servlet.SessionAuthentication;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Authenticates demo people, by a token that is random at each start, or by the browser session that they have started with it. In
 * a real portal this is the sign-in; the library needs only the {@link ManagementSession}.
 */
final class DemoSessions implements SessionAuthentication {

    private final Map<String, DemoPerson> byToken = new LinkedHashMap<>();
    private final BrowserSessions browsers;

    DemoSessions(SecureRandom random, BrowserSessions browsers) {
        this.browsers = browsers;
        for (DemoPerson person : DemoPerson.all()) {
            byte[] token = new byte[32];
            random.nextBytes(token);
            // Hexadecimal has no "k", so no session token has the prefix "ck_" of an API key.
            byToken.put(HexFormat.of().formatHex(token), person);
        }
    }

    @Override
    public Optional<ManagementSession> authenticate(HttpServletRequest request) {
        return person(request).map(DemoPerson::session);
    }

    /**
     * {@return the person who sends a request} A header takes precedence over a cookie. A cookie, which browsers attach to requests
     * of other sites too, is accepted in requests of the portal's own pages only.
     */
    Optional<DemoPerson> person(HttpServletRequest request) {
        if (request.getHeader("Authorization") != null) {
            return BearerToken.of(request).map(byToken::get);
        }
        return SameOrigin.is(request) ? SessionCookie.in(request).flatMap(browsers::find) : Optional.empty();
    }

    /** {@return the person with a session token} */
    Optional<DemoPerson> holder(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** {@return a line for each person with their session token} */
    String tokenLines() {
        return byToken.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String line(String token, DemoPerson person) {
        return "session token for " + person.name() + " in district "
                + person.session().tenant() + ": " + token + "\n";
    }
}
