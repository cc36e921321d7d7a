package dev.keywright.stress.kit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory that is deleted with its contents on {@link #close}.
 *
 * @param path the directory
 */
public record TemporaryDirectory(Path path) implements Closeable {

    /** Creates a directory whose name starts with the prefix. */
    public static TemporaryDirectory create(String prefix) throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory(prefix));
    }

    @Override
    public void close() throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.walk(path)) {
            paths = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.delete(each);
        }
    }
}
