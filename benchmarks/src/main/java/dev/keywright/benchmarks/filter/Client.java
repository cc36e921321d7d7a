package dev.keywright.benchmarks.filter;

import dev.keywright.benchmarks.kit.Latencies;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A connection that is kept, on which one request follows the other. What is sent is made beforehand, and of what comes back no more
 * is read than is needed to know where it ends, and that it is as it should be. Used by one thread.
 */
final class Client implements Closeable {

    private static final int ROOM = 8192;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String LENGTH = "content-length: ";

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] answer = new byte[ROOM];

    /** How long an answer is, if the last one is one to go by. */
    private int expected;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    static byte[] request(String key) {
        String text = "GET " + Container.PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                + "Authorization: Bearer " + key + "\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return how long each request took that was begun before a moment} */
    Latencies send(List<byte[]> requests, SplittableRandom random, long end) throws IOException {
        Latencies times = new Latencies();
        for (long now = System.nanoTime(); now < end; ) {
            requireOk(status(requests.get(random.nextInt(requests.size()))));
            long after = System.nanoTime();
            times.add(after - now);
            now = after;
        }
        return times;
    }

    private static void requireOk(int status) {
        if (status != 200) {
            throw new IllegalStateException("a good key was answered with " + status + ": that measures nothing");
        }
    }

    /** Sends a request; {@return the status of the answer, which has been read to its end} */
    int status(byte[] request) throws IOException {
        out.write(request);
        int read = 0;
        // All good answers are of one length: to look for the end of each would measure how that is done here.
        while (read < expected || expected == 0) {
            int more = in.read(answer, read, ROOM - read);
            if (more < 0) {
                throw new EOFException("the connection was closed");
            }
            read += more;
            if (expected == 0) {
                expected = length(read);
            }
        }
        int status = (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';
        if (status != 200 || read != expected) {
            expected = 0;
        }
        return status;
    }

    /** {@return how long an answer is in all, of which a part has been read; 0 where that is not to be seen yet} */
    private int length(int read) {
        String head = new String(answer, 0, read, StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n\r\n");
        int length = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (end < 0 || length < 0) {
            return 0;
        }
        int from = length + LENGTH.length();
        return end + 4 + Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
