package dev.keywright.benchmarks.coherence;

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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file of events. It is mapped into memory, so that what was written is there, in order, when the process is killed at any
 * instruction: a change that was asked for must not be missing. Written by one thread.
 */
final class Journal implements Closeable {

    private static final int LENGTH = 32;
    private static final int CHUNK = 1 << 20;
    private static final StandardOpenOption[] WRITING = {
        StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
    };
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final What[] ALL = What.values();

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
        // Last: until it is there, the place counts as not written.
        INT.setRelease(chunk, at + 24, event.what().number() | event.detail() << 8 | event.node() << 16);
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

    /** Reads all events of a journal in their order. */
    static void read(Path path, Consumer<Event> each) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (file.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.remaining() >= LENGTH) {
                    int from = buffer.position();
                    int word = buffer.getInt(from + 24);
                    What what = ALL[word & 0xff];
                    if (what == What.NOTHING) {
                        return;
                    }
                    each.accept(new Event(
                            what,
                            word >> 8 & 0xff,
                            word >> 16,
                            buffer.getInt(from + 16),
                            buffer.getLong(from),
                            buffer.getLong(from + 8)));
                    buffer.position(from + LENGTH);
                }
                buffer.compact();
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
