package dev.keywright.servlet;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Client that sends requests byte for byte, malformed ones too; an HTTP library would reject or correct them. */
final class RawHttpClient {

    private final InetSocketAddress address;

    RawHttpClient(TestBackend backend) {
        this.address = backend.address();
    }

    /** Response as received, with sorted headers and without {@code Date}, which differs from second to second. */
    record Reply(int status, List<String> headers, String body) {

        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .reduce((first, second) -> first + " AND " + second)
                    .orElse("");
        }

        boolean wasServed() {
            return !header("X-Served").isEmpty();
        }
    }

    Reply get(String path, String... headerLines) {
        return send("GET", path, "", headerLines);
    }

    Reply send(String method, String path, String body, String... headerLines) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headerLines);
    }

    Reply send(String method, String path, byte[] body, String... headerLines) {
        StringBuilder head = head(method, path, headerLines);
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, all, bytes.length, body.length);
        return exchange(all);
    }

    /** Sends a body in the given chunks, which may be malformed. */
    Reply sendChunked(String method, String path, String chunks, String... headerLines) {
        StringBuilder head = head(method, path, headerLines).append("Transfer-Encoding: chunked\r\n\r\n");
        return exchange(head.append(chunks).toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the bytes, closes its side of the connection, and reads until the server closes the connection. */
    String sendAndCloseOutput(String bytes) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("the server did not close the connection", e);
        } catch (IOException e) {
            return "";
        }
    }

    /** Sends a request and resets the connection once the request is received, so that writing a response fails. */
    void sendAndReset(String request, CountDownLatch received) throws InterruptedException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            received.await();
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Announces a body and sends only the beginning of it; returns the response without its body, if one comes. */
    CompletableFuture<Reply> sendPartially(List<Socket> open, String method, String path, String beginning) {
        String head = head(method, path).append("Content-Length: 1000\r\n\r\n").toString();
        try {
            Socket socket = connect();
            open.add(socket);
            socket.getOutputStream().write((head + beginning).getBytes(StandardCharsets.UTF_8));
            return CompletableFuture.supplyAsync(() -> readHead(socket), task -> new Thread(task).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Announces a body and sends none of it; returns the response without its body. */
    Reply sendHeadersOnly(String method, String path, String... headerLines) {
        List<Socket> open = new ArrayList<>();
        Reply reply = sendHeadersOnly(open, method, path, headerLines);
        close(open);
        return reply;
    }

    /** Announces a body and sends none of it; returns the response without its body, and keeps the connection open. */
    Reply sendHeadersOnly(List<Socket> open, String method, String path, String... headerLines) {
        String head = head(method, path, headerLines)
                .append("Content-Length: 1000000\r\n\r\n")
                .toString();
        try {
            Socket socket = connect();
            open.add(socket);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            return readHead(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void close(List<Socket> open) {
        try {
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply readHead(Socket socket) {
        try {
            return parse(new String(headBytes(socket.getInputStream()), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return how many bytes of a body the server accepts before it closes the connection} */
    long bytesAccepted(long length, String method, String path, String... headerLines) {
        StringBuilder head =
                head(method, path, headerLines).append("Content-Length: ").append(length);
        byte[] block = new byte[64 * 1024];
        long sent = 0;
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
            for (; sent < length; sent += block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            return sent;
        }
        return sent;
    }

    private static byte[] headBytes(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            read.write(next);
        }
        return read.toByteArray();
    }

    private static StringBuilder head(String method, String path, String... headerLines) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        return head.append("Connection: close\r\n");
    }

    private Reply exchange(byte[] request) {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static Reply parse(String text) {
        String[] parts = text.split("\r\n\r\n", 2);
        List<String> lines = List.of(parts[0].split("\r\n"));
        List<String> headers = lines.stream()
                .skip(1)
                .filter(line -> !line.startsWith("Date:"))
                .sorted()
                .toList();
        return new Reply(
                Integer.parseInt(lines.get(0).substring("HTTP/1.1 ".length()).substring(0, 3)), headers, parts[1]);
    }
}
