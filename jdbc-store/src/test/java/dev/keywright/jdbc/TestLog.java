package dev.keywright.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Log file of this test process. */
final class TestLog {

    /** The build sets one for each process. */
    private static final Path FILE = Path.of(System.getProperty("org.slf4j.simpleLogger.logFile", "target/test.log"));

    private TestLog() {}

    static String read() throws IOException {
        return Files.readString(FILE);
    }

    /** Runs an action and returns what was logged since. */
    static String during(Runnable action) throws IOException {
        int before = read().length();
        action.run();
        return read().substring(before);
    }
}
