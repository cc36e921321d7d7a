package dev.keywright.benchmarks;

import dev.keywright.ApiKeys;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.servlet.ApiKeyFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A request to a servlet in Jetty over a kept-alive loopback connection: without a filter, behind {@link ApiKeyFilter}, and behind a
 * filter written by hand. The client sends prepared bytes and reads no more than necessary, so that the difference is the filter's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterBenchmark {

    private static final String PATH = "/api/people";
    private static final int KEYS = 1000;

    /** For JMH. */
    public FilterBenchmark() {}

    /** A Jetty with one servlet, and the filter before it. */
    @State(Scope.Benchmark)
    public static class Container {

        /** The filter. */
        @Param({"none", "keywright", "handWritten"})
        public String filter = "none";

        private final List<byte[]> requests = new ArrayList<>();
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server, 1, 1);
        private ApiKeys apiKeys;

        /** For JMH. */
        public Container() {}

        /** Issues the keys, and starts the server. */
        @Setup
        public void start() throws Exception {
            apiKeys = IssuedKeys.on(new InMemoryKeyStore()).cache(KEYS).build();
            KeyTexts texts = IssuedKeys.issue(apiKeys, KEYS);
            IntStream.range(0, KEYS)
                    .mapToObj(texts::fresh)
                    .map(Container::request)
                    .forEach(requests::add);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            ServletContextHandler context = new ServletContextHandler("/");
            switch (filter) {
                case "none" -> {}
                case "keywright" -> add(context, keywright(apiKeys));
                case "handWritten" -> add(context, new HandWrittenFilter(texts));
                default -> throw new IllegalArgumentException("the filter is none, keywright or handWritten");
            }
            context.addServlet(new ServletHolder(new People()), PATH);
            server.setHandler(context);
            server.start();
        }

        private static void add(ServletContextHandler context, Filter filter) {
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        }

        private static ApiKeyFilter keywright(ApiKeys keys) {
            return ApiKeyFilter.verifying(keys)
                    .allowing("GET", PATH, Reference.SCOPE)
                    .allowing("GET", PATH + "/{id}", Reference.SCOPE)
                    .allowing("GET", "/api/interviews", Reference.SCOPE);
        }

        private static byte[] request(String key) {
            return ("GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                            + "Authorization: Bearer " + key + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** Stops the server. */
        @TearDown
        public void stop() throws Exception {
            server.stop();
            apiKeys.close();
        }
    }

    /** The smallest servlet that has a body to send. */
    private static final class People extends HttpServlet {

        private static final long serialVersionUID = 1;

        private static final byte[] BODY = "[{\"id\": \"p1\", \"name\": \"Ada\"}]".getBytes(StandardCharsets.UTF_8);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.setContentLength(BODY.length);
            response.getOutputStream().write(BODY);
        }
    }

    /** SHA-256 and a map: no check characters, expiry, path rules, usage or coherent cache. */
    private static final class HandWrittenFilter implements Filter {

        private static final String SCHEME = "Bearer ";

        private final Map<Reference.Digest, Set<String>> scopes = new ConcurrentHashMap<>();

        HandWrittenFilter(KeyTexts texts) {
            for (int i = 0; i < texts.count(); i++) {
                scopes.put(new Reference.Digest(Reference.sha256(texts.fresh(i))), Set.of(Reference.SCOPE));
            }
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String header = ((HttpServletRequest) request).getHeader("Authorization");
            Set<String> granted = header == null || !header.startsWith(SCHEME)
                    ? null
                    : scopes.get(new Reference.Digest(Reference.sha256(header.substring(SCHEME.length()))));
            if (granted == null) {
                ((HttpServletResponse) response).sendError(401);
            } else if (!granted.contains(Reference.SCOPE)) {
                ((HttpServletResponse) response).sendError(403);
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    /** A client connection. All responses have the same length, which the first one tells. */
    @State(Scope.Thread)
    public static class Connection {

        private final byte[] response = new byte[8192];
        private Socket socket;
        private int length;

        /** For JMH. */
        public Connection() {}

        /** Connects. */
        @Setup
        public void open(Container container) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), container.connector.getLocalPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
        }

        /** Disconnects. */
        @TearDown
        public void close() throws IOException {
            socket.close();
        }

        int send(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            int read = 0;
            while (read < length || length == 0) {
                int more = socket.getInputStream().read(response, read, response.length - read);
                if (more < 0) {
                    throw new IOException("the server closed the connection");
                }
                read += more;
                length = length == 0 ? length(read) : length;
            }
            int status = (response[9] - '0') * 100 + (response[10] - '0') * 10 + response[11] - '0';
            if (status != 200) {
                throw new IllegalStateException("an active key was answered with " + status);
            }
            return read;
        }

        /** {@return the length of the response, of which a part has been read; 0 if unknown yet} */
        private int length(int read) {
            String head = new String(response, 0, read, StandardCharsets.ISO_8859_1);
            int end = head.indexOf("\r\n\r\n");
            Matcher header = Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE)
                    .matcher(head);
            return end < 0 || !header.find() ? 0 : end + 4 + Integer.parseInt(header.group(1));
        }
    }

    /** One request and its response. */
    @Benchmark
    public int request(Container container, Connection connection, Cursor cursor) throws IOException {
        return connection.send(container.requests.get(Math.floorMod(cursor.next(), KEYS)));
    }
}
