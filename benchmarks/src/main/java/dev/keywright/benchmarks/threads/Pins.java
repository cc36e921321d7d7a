package dev.keywright.benchmarks.threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** How often a virtual thread waited and could not leave its carrier to others, however short: the JVM itself says it. */
final class Pins {

    private static final String PINNED = "jdk.VirtualThreadPinned";

    private Pins() {}

    /** What is done while somebody looks. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    /** {@return how often it came to that} */
    static List<RecordedEvent> during(Task task) throws IOException, InterruptedException {
        Path file = Files.createTempFile("keywright-pins", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            task.run();
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(PINNED))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    /** Makes sure that one would be seen: who initialises a class is pinned in all versions that there are. */
    static void requireSeen() throws IOException, InterruptedException {
        List<RecordedEvent> seen = during(() -> {
            Thread thread = Kind.VIRTUAL.thread(Pinning::touch);
            thread.start();
            thread.join();
        });
        if (seen.isEmpty()) {
            throw new IllegalStateException("a thread that was pinned on purpose was not seen: that measures nothing");
        }
    }

    /** A class that takes its time to be initialised. */
    private static final class Pinning {

        private static final long WAITED = System.nanoTime();

        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
        }

        static long touch() {
            return WAITED;
        }
    }
}
