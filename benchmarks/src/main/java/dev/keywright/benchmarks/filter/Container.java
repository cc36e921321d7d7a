package dev.keywright.benchmarks.filter;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.stream.LongStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A Jetty on the loopback address, with threads of its own, a servlet that does next to nothing, and a filter before it or none. */
final class Container implements Closeable {

    static final String PATH = "/api/people";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final Server server;
    private final ServerConnector connector;

    /** Has an answer of some length, so that there is one to be sent. */
    private static final class People extends HttpServlet {

        private static final long serialVersionUID = 1;

        private static final byte[] ANSWER = "[{\"id\": \"p1\", \"name\": \"Ada\"}]".getBytes(StandardCharsets.UTF_8);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.setContentLength(ANSWER.length);
            response.getOutputStream().write(ANSWER);
        }
    }

    /**
     * What the threads of a container have used at a moment.
     *
     * @param allocated bytes
     * @param cpu nanoseconds on processors
     */
    record Used(long allocated, long cpu) {}

    private Container(String name, Server server, ServerConnector connector) {
        this.name = name;
        this.server = server;
        this.connector = connector;
    }

    static Container started(String name, int threads, @Nullable Filter filter) throws Exception {
        // None of its threads may come or go while it is measured: what they had used would go with them.
        QueuedThreadPool pool = new QueuedThreadPool(threads, threads);
        pool.setName(name);
        Server server = new Server(pool);
        HttpConfiguration http = new HttpConfiguration();
        http.setHeaderCacheSize(0);
        http.setHeaderCacheCaseSensitive(true);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        if (filter != null) {
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        context.addServlet(new ServletHolder(new People()), PATH);
        server.setHandler(context);
        server.start();
        return new Container(name, server, connector);
    }

    int port() {
        return connector.getLocalPort();
    }

    Used used() {
        long[] threads = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().startsWith(name + "-"))
                .mapToLong(thread -> thread.getThreadId())
                .toArray();
        return new Used(
                LongStream.of(THREADS.getThreadAllocatedBytes(threads)).sum(),
                LongStream.of(THREADS.getThreadCpuTime(threads)).sum());
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the container " + name + " did not stop", e);
        }
    }
}
