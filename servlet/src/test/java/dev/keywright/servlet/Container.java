package dev.keywright.servlet;

import java.net.InetSocketAddress;
import java.util.Set;

/** Servlet container under test. The system property {@code keywright.container} selects the container of a run. */
interface Container {

    /** {@return a running container that listens on the loopback address} */
    Running start(WebApp app);

    /** {@return how this container differs from others, before a request reaches the filter or after its response} */
    Set<Quirk> quirks();

    /** Difference that tests must know of. */
    enum Quirk {
        /** Replaces the white space between two words of a header by one space. */
        NORMALIZES_HEADER_BLANKS,
        /** Rejects a query with a malformed encoding itself, without a message. */
        REJECTS_MALFORMED_QUERIES,
        /** Closes the connection, or waits, after malformed chunks; no response is possible. */
        CLOSES_ON_MALFORMED_CHUNKS,
        /** Repeats malformed header lines in the response and in its log. */
        ECHOES_MALFORMED_HEADERS,
        /** Reports at most one byte of a body as available to a blocking reader. */
        UNDERREPORTS_ARRIVED_BYTES,
        /** Does not expose the raw path if configured to be lenient, only the decoded one. */
        HIDES_RAW_PATHS
    }

    /** Running container; closing it stops it. */
    interface Running extends AutoCloseable {

        InetSocketAddress address();

        @Override
        void close();
    }

    static Container current() {
        String name = System.getProperty("keywright.container", "jetty-12");
        return switch (name) {
            case "jetty-12" -> new JettyContainer();
            case "tomcat-10.1" -> new TomcatContainer("10.1.");
            case "tomcat-11" -> new TomcatContainer("11.0.");
            case "undertow" -> new UndertowContainer();
            default ->
                throw new IllegalArgumentException(
                        "keywright.container must be jetty-12, tomcat-10.1, tomcat-11 or undertow, was " + name);
        };
    }
}
