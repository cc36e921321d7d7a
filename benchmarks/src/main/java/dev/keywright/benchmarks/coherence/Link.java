package dev.keywright.benchmarks.coherence;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The network between one node and the database: it can stall, be slow, and be cut. Safe for use by many threads. */
final class Link implements Closeable {

    private static final int BUFFER = 16_384;
    private static final int CONNECT_MILLIS = 2000;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean stalled;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean refusing;
    private volatile boolean closed;

    private Link(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Begins to hand on what comes to a port of its own to another port of this machine. */
    static Link to(int target) throws IOException {
        Link link = new Link(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        start(link::listen);
        return link;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Lets nothing through any more, in either direction. */
    synchronized void stall() {
        stalled = true;
    }

    synchronized void goOn() {
        stalled = false;
        notifyAll();
    }

    /** From now on, each answer comes so much later. */
    void slow(Duration later) {
        delay = later;
    }

    /** Ends all connections that there are, and each that anybody begins, until {@link #accept}. */
    void refuse() {
        refusing = true;
        cut();
    }

    /** Lets connections be begun again. */
    void accept() {
        refusing = false;
    }

    /** Ends all connections that there are. */
    void cut() {
        sockets.forEach(Link::end);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        goOn();
        cut();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "link");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!closed) {
            try {
                Socket near = listener.accept();
                sockets.add(near);
                start(() -> connect(near));
            } catch (IOException e) {
                // Closed; or a caller that was gone again.
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        sockets.add(far);
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            awaitOpen();
            requireAccepting();
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
            start(() -> pump(far, near, true));
            pump(near, far, false);
        } catch (IOException e) {
            endBoth(near, far);
        }
    }

    private void requireAccepting() throws IOException {
        if (refusing) {
            throw new IOException("refused");
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitOpen();
                if (answers) {
                    TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            // One of the two is gone, and so the other one goes.
        }
        endBoth(from, to);
    }

    private synchronized void awaitOpen() throws IOException {
        while (stalled) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private void endBoth(Socket one, Socket other) {
        sockets.remove(one);
        sockets.remove(other);
        end(one);
        end(other);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the more.
        }
    }
}
