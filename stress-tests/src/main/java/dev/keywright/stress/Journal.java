package dev.keywright.stress;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A file of events, written by one thread. It is memory-mapped, so that all events survive, in order, when the process is killed at
 * any instruction: the begin of a write must not be missing.
 */
final class Journal implements Closeable {

    private static final int LENGTH = 32;
    private static final int CHUNK = 1 << 20;
    private static final StandardOpenOption[] WRITING = {
        StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
    };
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final EventType[] TYPES = EventType.values();

    private final FileChannel file;
    private long mapped;
    private MappedByteBuffer chunk;
    private int at;

    Journal(Path path) {
        try {
            this.file = FileChannel.open(path, WRITING);
            this.chunk = file.map(MapMode.READ_WRITE, 0, CHUNK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        chunk.order(ByteOrder.nativeOrder());
    }

    void add(Event event) {
        if (at == CHUNK) {
            next();
        }
        chunk.putLong(at, event.begun());
        chunk.putLong(at + 8, event.returned());
        chunk.putInt(at + 16, event.key());
        chunk.putInt(at + 20, event.version());
        // Written last, with release semantics: a record without its type counts as unwritten.
        INT.setRelease(chunk, at + 24, event.type().number() | event.detail() << 8 | event.node() << 16);
        at += LENGTH;
    }

    private void next() {
        mapped += CHUNK;
        try {
            chunk = file.map(MapMode.READ_WRITE, mapped, CHUNK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        chunk.order(ByteOrder.nativeOrder());
        at = 0;
    }

    /** Reads all events of a journal, in order. */
    static void read(Path path, Consumer<Event> each) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (file.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.remaining() >= LENGTH) {
                    int from = buffer.position();
                    int word = buffer.getInt(from + 24);
                    EventType type = TYPES[word & 0xff];
                    if (type == EventType.NONE) {
                        return;
                    }
                    each.accept(new Event(
                            type,
                            word >> 8 & 0xff,
                            word >> 16,
                            buffer.getInt(from + 16),
                            buffer.getLong(from),
                            buffer.getLong(from + 8),
                            buffer.getInt(from + 20)));
                    buffer.position(from + LENGTH);
                }
                buffer.compact();
            }
        }
    }

    /** Reads all journals of a directory, one after the other. */
    static void readAll(Path directory, Consumer<Event> each) throws IOException {
        List<Path> journals;
        try (Stream<Path> files = Files.list(directory)) {
            journals = files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
        for (Path journal : journals) {
            read(journal, each);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
