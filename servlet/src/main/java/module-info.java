/**
 * Servlet filter that verifies API keys, and servlets that manage them. The application's container provides the servlet API.
 */
module dev.keywright.servlet {
    requires transitive dev.keywright;
    requires transitive jakarta.servlet;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.keywright.servlet;
}
