package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServletRequest;

/** Tells what the portal's own pages ask for from what other sites have a browser ask for. */
final class OwnPage {

    private OwnPage() {}

    /**
     * {@return whether the browser says that one of our own pages sends this} No page can write this header, and every browser
     * of today sends it. {@code SameSite} does not say as much: to that, all ports of this machine are one site.
     */
    static boolean asks(HttpServletRequest request) {
        return "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
    }
}
