package dev.keywright.core;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Captures the log of all threads until it is closed. */
public final class CapturedLog implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    /** {@return the lines that contain a text, starting at the text} */
    public List<String> linesFrom(String text) {
        return toString()
                .lines()
                .filter(line -> line.contains(text))
                .map(line -> line.substring(line.indexOf(text)))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
