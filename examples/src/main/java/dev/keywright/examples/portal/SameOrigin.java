package dev.keywright.examples.portal;

import jakarta.servlet.http.HttpServletRequest;

/** Distinguishes requests of the portal's own pages from cross-site requests. */
final class SameOrigin {

    private SameOrigin() {}

    /**
     * {@return whether a page of the portal sends the request} Scripts cannot set this header, and every current browser sends it.
     * {@code SameSite} is weaker: all ports of a host are the same site.
     */
    static boolean is(HttpServletRequest request) {
        return "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
    }
}
