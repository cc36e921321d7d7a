package dev.keywright.examples.portal;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cookie with the session id of a browser. Scripts cannot read it, and requests of other sites do not carry it; {@code
 * docs/adr/0014} explains why that is not sufficient and what is done in addition. Behind TLS it would also be {@code Secure},
 * and its name would begin with {@code __Host-}.
 */
final class SessionCookie {

    private static final String NAME = "portal-session";

    private SessionCookie() {}

    /** {@return the session id; empty if there are two cookies, of which one was set by another site} */
    static Optional<String> in(HttpServletRequest request) {
        Cookie[] all = request.getCookies();
        List<Cookie> ours = Arrays.stream(all == null ? new Cookie[0] : all)
                .filter(cookie -> cookie.getName().equals(NAME))
                .toList();
        return ours.size() == 1 ? Optional.of(ours.get(0).getValue()) : Optional.empty();
    }

    static Cookie of(String session) {
        Cookie cookie = new Cookie(NAME, session);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Strict");
        return cookie;
    }

    /** {@return a cookie that deletes the existing one} */
    static Cookie none() {
        Cookie cookie = of("");
        cookie.setMaxAge(0);
        return cookie;
    }
}
