package dev.keywright.examples.portal;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The cookie in which a browser keeps the name of its session. No script can read it, and no other site has it sent; why that
 * is not enough, and what is done besides, is in {@code docs/adr/0014}. Behind TLS it would also be {@code Secure}, and its name
 * begin with {@code __Host-}.
 */
final class SessionCookie {

    private static final String NAME = "portal-session";

    private SessionCookie() {}

    /** {@return what the cookie says; nothing where there are two, of which one was put there by somebody else} */
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

    /** {@return a cookie that takes the place of the one that is there, and is over at once} */
    static Cookie none() {
        Cookie cookie = of("");
        cookie.setMaxAge(0);
        return cookie;
    }
}
