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

/**
 * A wire on this machine between clients and a server, which can break: at once, or when a client says certain words. It hands
 * on what one side says to the other, piece by piece, as it comes.
 */
final class Wire implements AutoCloseable {

    /** A commit, in the words of each driver. Isolation levels and settings have the word in their names. */
    static final Pattern COMMIT = Pattern.compile("(?i)(?<!auto|read )commit");

    /** What happens. */
    enum Fault {
        /** Both sides hear that the connection is closed. */
        CUT,
        /** Neither side hears anything more on this connection, and neither is told. */
        STALL,
        /** Neither side hears anything more on any connection; a new one is accepted, and silent too. */
        BLACK_HOLE
    }

    /** How far the words come before it happens. */
    enum Point {
        /** The server never hears them. */
        BEFORE,
        /** The server hears half of them. */
        HALF,
        /** The server hears them, and it happens at once. */
        SENT,
        /** The server has answered, and the client does not hear it. */
        ANSWERED,
        /** The client has heard the answer, and hears nothing after it. */
        HEARD;

        /** Those at which the client does not know what became of its words. */
        static List<Point> withoutAnswer() {
            return List.of(BEFORE, HALF, SENT, ANSWERED);
        }
    }

    /** What is to happen when a client says some words, once. */
    private record Trap(Pattern words, Point point, Fault fault, CountDownLatch sprung) {}

    private final ServerSocket door;
    private final int server;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
    private volatile boolean blackHole;

    private Wire(ServerSocket door, int server) {
        this.door = door;
        this.server = server;
    }

    /** Leads to a port on this machine. */
    static Wire to(int server) {
        try {
            Wire wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
            start(wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port to which clients connect. */
    int port() {
        return door.getLocalPort();
    }

    /** Lets a fault happen when a client says these words next; what is returned is down to zero once it has. */
    CountDownLatch when(Pattern words, Point point, Fault fault) {
        CountDownLatch sprung = new CountDownLatch(1);
        trap.set(new Trap(words, point, fault, sprung));
        return sprung;
    }

    /** Lets a fault happen now, on all connections. */
    void now(Fault fault) {
        lines.forEach(line -> strike(line, fault));
    }

    /** Is sound again. Connections that were silent are closed. */
    void heal() {
        trap.set(null);
        blackHole = false;
        lines.stream().filter(line -> line.silent).forEach(Line::close);
    }

    @Override
    public void close() throws IOException {
        door.close();
        lines.forEach(Line::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Line line = new Line(door.accept());
                lines.add(line);
                if (blackHole) {
                    line.silent = true;
                } else {
                    line.connect(new Socket(InetAddress.getLoopbackAddress(), server));
                }
            } catch (IOException e) {
                // The door was closed, or the server is not there: then its clients are not served either.
                lines.stream().filter(Line::isUnconnected).forEach(Line::close);
            }
        }
    }

    private void strike(Line line, Fault fault) {
        switch (fault) {
            case CUT -> line.close();
            case STALL -> line.silent = true;
            case BLACK_HOLE -> {
                blackHole = true;
                lines.forEach(each -> each.silent = true);
            }
        }
    }

    private static void start(Runnable action) {
        Thread thread = new Thread(action, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection. */
    private final class Line {

        private final Socket client;
        private volatile @Nullable Socket server;
        private volatile boolean silent;
        private volatile @Nullable Trap answer;

        Line(Socket client) {
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
            return server == null && !silent;
        }

        private void pump(Socket from, Socket to, boolean asks) {
            byte[] buffer = new byte[1 << 16];
            try {
                int length = from.getInputStream().read(buffer);
                while (length > 0) {
                    // Before the words are passed on: as soon as they are heard, others may follow in the other
                    // direction.
                    Trap set = asks ? null : answer;
                    int passed = silent ? 0 : asks ? ask(to, buffer, length) : answer(length);
                    to.getOutputStream().write(buffer, 0, passed);
                    if (set != null && set.point == Point.HEARD) {
                        spring(set);
                    }
                    length = from.getInputStream().read(buffer);
                }
            } catch (IOException e) {
                // One of them is gone, of which the other hears below.
            }
            if (!silent) {
                close();
            }
        }

        /** How much of what the client says is still to be handed on. */
        private int ask(Socket to, byte[] buffer, int length) throws IOException {
            Trap set = trap.get();
            if (set == null
                    || !set.words
                            .matcher(new String(buffer, 0, length, ISO_8859_1))
                            .find()
                    || !trap.compareAndSet(set, null)) {
                return length;
            }
            if (set.point == Point.ANSWERED || set.point == Point.HEARD) {
                answer = set;
                return length;
            }
            int heard = set.point == Point.BEFORE ? 0 : set.point == Point.HALF ? length / 2 : length;
            // First of all, so that the answer does not get through before it happens.
            silent = true;
            to.getOutputStream().write(buffer, 0, heard);
            strike(this, set.fault);
            set.sprung.countDown();
            return 0;
        }

        private int answer(int length) {
            Trap set = answer;
            if (set == null || set.point == Point.HEARD) {
                return length;
            }
            spring(set);
            return 0;
        }

        private void spring(Trap set) {
            answer = null;
            strike(this, set.fault);
            set.sprung.countDown();
        }

        void close() {
            lines.remove(this);
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
            // Then it is closed all the same.
        }
    }

    /** Whether something has happened by now, or does within a while. */
    static boolean happens(CountDownLatch latch) throws InterruptedException {
        return latch.await(10, TimeUnit.SECONDS);
    }
}
