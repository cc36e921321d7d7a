package dev.keywright.servlet;

import java.net.InetSocketAddress;
import java.util.Set;

/**
 * A servlet container. The same tests run on each: which one it is in this run of them, the system property
 * {@code keywright.container} says.
 */
interface Container {

    /** {@return a container that waits for requests on the loopback address} */
    Running start(WebApp site);

    /** {@return what this container does unlike others, before a request reaches us or after we have answered it} */
    Set<Quirk> quirks();

    /** What a test must know of. */
    enum Quirk {
        /** Makes one blank of whatever separates two words in a header. */
        EVENS_OUT_BLANKS,
        /** Refuses a query whose encoding is broken by itself, and says nothing more. */
        REFUSES_BROKEN_QUERIES,
        /** Ends the connection, or waits, where chunks are broken; nobody can answer. */
        ENDS_BROKEN_CHUNKS,
        /** Repeats lines that should be headers and are none, to the client and in its log. */
        REPEATS_BROKEN_HEADERS,
        /** Tells a blocking reader no more than whether one byte of a body has arrived. */
        HIDES_ARRIVED_BODIES,
        /** Told to be lenient, it shows nobody how a path was written, but only what it has made of it. */
        HIDES_WRITTEN_PATHS
    }

    /** Stops by being closed. */
    interface Running extends AutoCloseable {

        InetSocketAddress address();

        @Override
        void close();
    }

    static Container ofThisRun() {
        String name = System.getProperty("keywright.container", "jetty-12");
        return switch (name) {
            case "jetty-12" -> new JettyContainer();
            case "tomcat-10.1" -> new TomcatContainer("10.1.");
            case "tomcat-11" -> new TomcatContainer("11.0.");
            case "undertow" -> new UndertowContainer();
            default -> throw new IllegalArgumentException("no such container: " + name);
        };
    }
}
