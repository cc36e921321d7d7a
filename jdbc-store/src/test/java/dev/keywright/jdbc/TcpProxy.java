package dev.keywright.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** TCP proxy on the loopback interface that injects faults, immediately or when a client sends a matching request. */
final class TcpProxy implements AutoCloseable {

    /** Commit request of every driver. Excludes isolation levels and settings that contain the word. */
    static final Pattern COMMIT = Pattern.compile("(?i)(?<!auto|read )commit");

    /** Fault of a connection. */
    enum Fault {
        /** Closes the connection on both sides. */
        CUT,
        /** Drops all further traffic of this connection, which stays open. */
        STALL,
        /** Drops all further traffic of all connections, including new ones, which are accepted. */
        BLACK_HOLE
    }

    /** How far the request gets before the fault. */
    enum Point {
        /** The server receives nothing of the request. */
        BEFORE,
        /** The server receives half of the request. */
        HALF,
        /** The server receives the request. */
        SENT,
        /** The server has responded, and the client does not receive the response. */
        RESPONDED,
        /** The client has received the response, and nothing after it. */
        RECEIVED;

        /** Points at which the client does not know the outcome. */
        static List<Point> withoutResponse() {
            return List.of(BEFORE, HALF, SENT, RESPONDED);
        }
    }

    /** Fault that the next matching request triggers, once. */
    private record Trigger(Pattern request, Point point, Fault fault, CountDownLatch triggered) {}

    private final ServerSocket listener;
    private final int server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Trigger> trigger = new AtomicReference<>();
    private volatile boolean blackHole;

    private TcpProxy(ServerSocket listener, int server) {
        this.listener = listener;
        this.server = server;
    }

    /** Starts a proxy of a port of the loopback interface. */
    static TcpProxy to(int server) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the port for clients. */
    int port() {
        return listener.getLocalPort();
    }

    /** Injects a fault at the next matching request, and returns a latch that is released by the fault. */
    CountDownLatch onRequest(Pattern request, Point point, Fault fault) {
        CountDownLatch triggered = new CountDownLatch(1);
        trigger.set(new Trigger(request, point, fault, triggered));
        return triggered;
    }

    /** Injects a fault into all connections immediately. */
    void injectNow(Fault fault) {
        links.forEach(link -> inject(link, fault));
    }

    /** Ends all faults, and closes the connections whose traffic was dropped. */
    void repair() {
        trigger.set(null);
        blackHole = false;
        links.stream().filter(link -> link.dropping).forEach(Link::close);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        links.forEach(Link::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Link link = new Link(listener.accept());
                links.add(link);
                if (blackHole) {
                    link.dropping = true;
                } else {
                    link.connect(new Socket(InetAddress.getLoopbackAddress(), server));
                }
            } catch (IOException e) {
                // The listener was closed, or the server is down: then its clients are disconnected.
                links.stream().filter(Link::isUnconnected).forEach(Link::close);
            }
        }
    }

    private void inject(Link link, Fault fault) {
        switch (fault) {
            case CUT -> link.close();
            case STALL -> link.dropping = true;
            case BLACK_HOLE -> {
                blackHole = true;
                links.forEach(each -> each.dropping = true);
            }
        }
    }

    private static void start(Runnable action) {
        Thread thread = new Thread(action, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Connection of a client with the server. */
    private final class Link {

        private final Socket client;
        private volatile @Nullable Socket server;
        private volatile boolean dropping;
        private volatile @Nullable Trigger pending;

        Link(Socket client) {
            this.client = client;
        }

        void connect(Socket to) throws IOException {
            to.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            server = to;
            start(() -> pump(client, to, true));
            start(() -> pump(to, client, false));
        }

        boolean isUnconnected() {
            return server == null && !dropping;
        }

        private void pump(Socket from, Socket to, boolean isRequest) {
            byte[] buffer = new byte[1 << 16];
            try {
                int length = from.getInputStream().read(buffer);
                while (length > 0) {
                    // Read before the bytes are forwarded, since the peer may reply immediately.
                    Trigger active = isRequest ? null : pending;
                    int passed = dropping ? 0 : isRequest ? request(to, buffer, length) : response(length);
                    to.getOutputStream().write(buffer, 0, passed);
                    if (active != null && active.point == Point.RECEIVED) {
                        fire(active);
                    }
                    length = from.getInputStream().read(buffer);
                }
            } catch (IOException e) {
                // One side has closed the connection; the other is closed below.
            }
            if (!dropping) {
                close();
            }
        }

        /** Returns how many bytes of a request are to be forwarded. */
        private int request(Socket to, byte[] buffer, int length) throws IOException {
            Trigger active = trigger.get();
            if (active == null
                    || !active.request
                            .matcher(new String(buffer, 0, length, ISO_8859_1))
                            .find()
                    || !trigger.compareAndSet(active, null)) {
                return length;
            }
            if (active.point == Point.RESPONDED || active.point == Point.RECEIVED) {
                pending = active;
                return length;
            }
            int forwarded = active.point == Point.BEFORE ? 0 : active.point == Point.HALF ? length / 2 : length;
            // First, so that the response is not forwarded before the fault.
            dropping = true;
            to.getOutputStream().write(buffer, 0, forwarded);
            inject(this, active.fault);
            active.triggered.countDown();
            return 0;
        }

        private int response(int length) {
            Trigger active = pending;
            if (active == null || active.point == Point.RECEIVED) {
                return length;
            }
            fire(active);
            return 0;
        }

        private void fire(Trigger active) {
            pending = null;
            inject(this, active.fault);
            active.triggered.countDown();
        }

        void close() {
            links.remove(this);
            closeQuietly(client);
            Socket to = server;
            if (to != null) {
                closeQuietly(to);
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed nevertheless.
        }
    }

    /** Returns whether a latch is released within ten seconds. */
    static boolean await(CountDownLatch latch) throws InterruptedException {
        return latch.await(10, TimeUnit.SECONDS);
    }
}
