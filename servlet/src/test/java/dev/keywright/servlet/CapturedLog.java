package dev.keywright.servlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was logged since this was made, by Jetty, by the application's context and by the library. */
final class CapturedLog {

    private static final Path FILE = Path.of("target", "test.log");

    private final int start = all().length();

    String text() {
        return all().substring(start);
    }

    private static String all() {
        try {
            return Files.exists(FILE) ? new String(Files.readAllBytes(FILE), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
