package dev.keywright.benchmarks.footprint;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The texts of keys in a file, outside of anybody's heap. Safe for use by many threads, once all are there. */
final class Texts {

    private static final int LENGTH = 35;

    private final MappedByteBuffer memory;

    Texts(Path path, int howMany) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = file.map(MapMode.READ_WRITE, 0, (long) howMany * LENGTH);
        }
    }

    void put(int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("not the shape of a key");
        }
        memory.put(number * LENGTH, bytes);
    }

    /** {@return a text, as a request brings it: a string of its own} */
    String get(int number) {
        byte[] bytes = new byte[LENGTH];
        memory.get(number * LENGTH, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
