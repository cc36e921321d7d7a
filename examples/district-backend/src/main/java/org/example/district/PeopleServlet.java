package org.example.district;

import dev.keywright.servlet.ApiKeyPrincipal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Returns the people of the district that the API key belongs to; in this example only the name of the district. */
public final class PeopleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ApiKeyPrincipal caller = (ApiKeyPrincipal) request.getUserPrincipal();
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write("people of " + caller.tenant());
    }
}
