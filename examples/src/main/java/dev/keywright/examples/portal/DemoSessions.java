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
 * Who is signed in: each demo person, under a token drawn anew at each start, or with a browser in which they have signed in
 * by that token. A real portal asks its sign-in for this; the library only needs to be told the {@link ManagementSession}.
 */
final class DemoSessions implements SessionAuthentication {

    private final Map<String, DemoPerson> byToken = new LinkedHashMap<>();
    private final BrowserSessions browsers;

    DemoSessions(SecureRandom random, BrowserSessions browsers) {
        this.browsers = browsers;
        for (DemoPerson person : DemoPerson.all()) {
            byte[] token = new byte[32];
            random.nextBytes(token);
            // Hexadecimal has no "k", so that no session token can look like an API key, which begins with "ck_".
            byToken.put(HexFormat.of().formatHex(token), person);
        }
    }

    @Override
    public Optional<ManagementSession> authenticate(HttpServletRequest request) {
        return person(request).map(DemoPerson::session);
    }

    /**
     * {@return who asks} Whoever sends a header means that, and a cookie beside it lends nothing. A cookie, which browsers send
     * whoever made them ask, counts where one of our own pages asks.
     */
    Optional<DemoPerson> person(HttpServletRequest request) {
        if (request.getHeader("Authorization") != null) {
            return BearerToken.of(request).map(byToken::get);
        }
        return OwnPage.asks(request) ? SessionCookie.in(request).flatMap(browsers::find) : Optional.empty();
    }

    /** {@return whose session token this is} */
    Optional<DemoPerson> holder(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** {@return a line for each person, with the token that they would otherwise get by signing in} */
    String announcement() {
        return byToken.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String line(String token, DemoPerson person) {
        return "session token for " + person.name() + " in district "
                + person.session().tenant() + ": " + token + "\n";
    }
}
