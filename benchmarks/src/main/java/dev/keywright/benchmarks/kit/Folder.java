package dev.keywright.benchmarks.kit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder, which is gone in the end with all that is in it.
 *
 * @param path where it is
 */
public record Folder(Path path) implements Closeable {

    /** {@return a new one, whose name begins so} */
    public static Folder named(String name) throws IOException {
        return new Folder(Files.createTempDirectory(name));
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
