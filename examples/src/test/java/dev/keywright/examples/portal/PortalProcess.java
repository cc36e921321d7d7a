package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Packaged portal in a separate process, started by {@code java -jar}. */
final class PortalProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:\\d+/)");
    private static final Pattern EVENT =
            Pattern.compile("\\S+ WARN dev\\.keywright\\.events - event=[a-z]+\\.[a-z]+ .*");
    /** The address and four session tokens. */
    private static final int STARTUP_LINES = 6;

    private final Process process;
    private final OutputLines out;
    private final OutputLines err;

    private PortalProcess(Process process) {
        this.process = process;
        this.out = OutputLines.of(process.getInputStream());
        this.err = OutputLines.of(process.getErrorStream());
    }

    /** Starts the portal in a working directory without waiting for it. */
    static PortalProcess launch(Path workingDirectory, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(Path.of("target", "portal.jar").toAbsolutePath().toString());
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        // The JVM prints a line on standard error for each of these.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return new PortalProcess(builder.start());
    }

    /** Starts the portal on a free port and waits until it listens. */
    static PortalProcess listening(Path data) throws IOException {
        PortalProcess portal = launch(data.toAbsolutePath().getParent(), "--port", "0", "--data", data.toString());
        portal.awaitListening();
        return portal;
    }

    void awaitListening() {
        assertThat(out.await(STARTUP_LINES, TIMEOUT))
                .as("lines on standard output; on standard error: %s", err.all())
                .hasSizeGreaterThanOrEqualTo(STARTUP_LINES);
    }

    URI address() {
        Matcher listening = LISTENING.matcher(out.all().get(0));
        assertThat(listening.matches()).as(out.all().get(0)).isTrue();
        return URI.create(listening.group(1));
    }

    String sessionToken(String person, String district) {
        String start = "session token for " + person + " in district " + district + ": ";
        return out.all().stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns a client without credentials. */
    Client client() {
        return new Client(address());
    }

    /** Returns a client with the session token of a person. */
    Client signedIn(String person, String district) {
        return client().withToken(sessionToken(person, district));
    }

    /** Waits until the process has exited. */
    int exitCode() {
        try {
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("has exited")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for the portal to exit", e);
        }
        out.awaitEnd(TIMEOUT);
        err.awaitEnd(TIMEOUT);
        return process.exitValue();
    }

    /** Terminates the process, so that its shutdown hooks run. Unlike {@link Process#destroy()}, keeps its output readable. */
    void stop() {
        process.toHandle().destroy();
        exitCode();
    }

    /** Kills the process without running its shutdown hooks. */
    void kill() {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    List<String> out() {
        return out.all();
    }

    List<String> err() {
        return err.all();
    }

    /** Returns the lines on standard error except logged events, and asserts that no event has the text of a key. */
    List<String> errorsExceptEvents() {
        List<String> events =
                err().stream().filter(line -> EVENT.matcher(line).matches()).toList();
        assertThat(events).noneMatch(line -> line.contains("ck_"));
        return err().stream().filter(line -> !events.contains(line)).toList();
    }

    @Override
    public void close() {
        stop();
    }
}
