package dev.keywright.examples.portal;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Sends requests byte for byte that an HTTP client would refuse to send. */
final class RawSocket {

    private final URI portal;

    RawSocket(URI portal) {
        this.portal = portal;
    }

    /** Sends a GET request with additional header lines. */
    Reply get(String path, String... headers) throws IOException {
        String lines =
                String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList());
        return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "Connection: close\r\n\r\n");
    }

    /** Sends a request in UTF-8 and reads the response until the portal closes the connection. */
    Reply send(String request) throws IOException {
        try (Socket socket = new Socket(portal.getHost(), portal.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Sends requests over one connection, which the last must close, and returns the status codes. */
    List<Integer> statuses(String requests) throws IOException {
        try (Socket socket = new Socket(portal.getHost(), portal.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            String responses = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("HTTP/1\\.1 (\\d{3}) ")
                    .matcher(responses)
                    .results()
                    .map(status -> Integer.valueOf(status.group(1)))
                    .toList();
        }
    }

    private static Reply parse(String response) {
        int end = response.indexOf("\r\n\r\n");
        List<String> head = response.substring(0, end).lines().toList();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(head.get(0).split(" ", 3)[1]), headers, response.substring(end + 4));
    }
}
