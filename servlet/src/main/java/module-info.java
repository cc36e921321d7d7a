/**
 * Keywright over HTTP: the filter that verifies API keys, and the endpoints that manage them. The application's container
 * brings the servlet API.
 */
module dev.keywright.servlet {
    requires transitive dev.keywright;
    requires transitive jakarta.servlet;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.keywright.servlet;
}
