package dev.keywright.stress.kit;

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

/** A TCP proxy on the loopback interface that can stall all its connections, or cut them. Thread-safe. */
public final class NetworkProxy implements Closeable {

    private static final int BUFFER_SIZE = 16_384;
    private static final int CONNECT_TIMEOUT_MILLIS = 2000;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean stalled;

    private NetworkProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Starts a proxy to a port of this machine. */
    public static NetworkProxy to(int target) throws IOException {
        NetworkProxy proxy = new NetworkProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        start(proxy::listen);
        return proxy;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Stops forwarding in both directions, until {@link #resume}. */
    public synchronized void stall() {
        stalled = true;
    }

    public synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    /** Closes all open connections. */
    public void cut() {
        sockets.forEach(NetworkProxy::close);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        resume();
        cut();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "network-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                start(() -> connect(client));
            } catch (IOException e) {
                // Either the proxy was closed, or the client disconnected before it was accepted.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            awaitResumed();
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_TIMEOUT_MILLIS);
            start(() -> forward(server, client));
            forward(client, server);
        } catch (IOException e) {
            closeBoth(client, server);
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_SIZE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitResumed();
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One side is closed; the other side is closed below.
        }
        closeBoth(from, to);
    }

    private synchronized void awaitResumed() throws IOException {
        while (stalled) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private void closeBoth(Socket one, Socket other) {
        sockets.remove(one);
        sockets.remove(other);
        close(one);
        close(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closing is best effort.
        }
    }
}
