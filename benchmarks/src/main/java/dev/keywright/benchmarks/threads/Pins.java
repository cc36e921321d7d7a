package dev.keywright.benchmarks.threads;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
        // Initialised once, a class pins nobody any more: so it is another one each time.
        MethodHandles.Lookup another = another(Pinning.class);
        List<RecordedEvent> seen = during(() -> {
            Thread thread = Kind.VIRTUAL.thread(() -> initialise(another));
            thread.start();
            thread.join();
        });
        if (seen.isEmpty()) {
            throw new IllegalStateException("a thread that was pinned on purpose was not seen: that measures nothing");
        }
    }

    /** {@return a class of the same code, which is not initialised yet} */
    private static MethodHandles.Lookup another(Class<?> one) throws IOException {
        String name = one.getName().substring(one.getPackageName().length() + 1) + ".class";
        try (InputStream code = Objects.requireNonNull(one.getResourceAsStream(name))) {
            return MethodHandles.lookup().defineHiddenClass(code.readAllBytes(), false);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void initialise(MethodHandles.Lookup type) {
        try {
            type.ensureInitialized(type.lookupClass());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A class that takes its time to be initialised. */
    private static final class Pinning {

        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
        }
    }
}
