package dev.keywright.benchmarks.coherence;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between one node and the database: it can stall, and be cut. Safe for use by many threads. */
final class Link implements Closeable {

    private static final int BUFFER = 16_384;
    private static final int CONNECT_MILLIS = 2000;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean stalled;
    private volatile boolean closed;

    private Link(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Begins to hand on what comes to a port of its own to another port of this machine. */
    static Link to(int target) throws IOException {
        Link link = new Link(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        start(link::accept);
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

    private void accept() {
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
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
            start(() -> pump(far, near));
            pump(near, far);
        } catch (IOException e) {
            endBoth(near, far);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitOpen();
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
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
