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

/** The packaged portal in a process of its own, started as a person starts it. */
final class PortalProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:\\d+/)");
    private static final Pattern EVENT =
            Pattern.compile("\\S+ WARN dev\\.keywright\\.events - event=[a-z]+\\.[a-z]+ .*");
    private static final int LINES = 5;

    private final Process process;
    private final OutputLines out;
    private final OutputLines err;

    private PortalProcess(Process process) {
        this.process = process;
        this.out = OutputLines.of(process.getInputStream());
        this.err = OutputLines.of(process.getErrorStream());
    }

    /** Starts the portal in a folder, and does not wait for anything. */
    static PortalProcess launch(Path workingFolder, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(Path.of("target", "portal.jar").toAbsolutePath().toString());
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingFolder.toFile());
        // The JVM announces them on standard error, and a person has none.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return new PortalProcess(builder.start());
    }

    /** Starts the portal on a free port, and waits until it listens. */
    static PortalProcess listening(Path data) throws IOException {
        PortalProcess portal = launch(data.toAbsolutePath().getParent(), "--port", "0", "--data", data.toString());
        portal.awaitListening();
        return portal;
    }

    void awaitListening() {
        assertThat(out.await(LINES, PATIENCE))
                .as("lines on standard output; on standard error: %s", err.all())
                .hasSizeGreaterThanOrEqualTo(LINES);
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

    /** A client that is nobody yet. */
    Client client() {
        return new Client(address());
    }

    /** A client that is signed in. */
    Client signedIn(String person, String district) {
        return client().withToken(sessionToken(person, district));
    }

    /** Waits for the process to end by itself. */
    int exitCode() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("has ended")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a portal ended", e);
        }
        out.awaitEnd(PATIENCE);
        err.awaitEnd(PATIENCE);
        return process.exitValue();
    }

    /** Asks the process to end, as Ctrl-C does. */
    void stop() {
        process.destroy();
        exitCode();
    }

    /** Ends the process as a power cut does. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    List<String> out() {
        return out.all();
    }

    List<String> err() {
        return err.all();
    }

    /** What it said on standard error beside the events that are meant to be told there: nothing of any key is in those. */
    List<String> complaints() {
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
