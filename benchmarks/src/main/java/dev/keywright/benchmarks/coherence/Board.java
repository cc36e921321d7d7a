package dev.keywright.benchmarks.coherence;

import dev.keywright.KeyId;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the processes of a run know together: the keys, how they are doing, and a few words of the coordinator to its nodes. It is
 * a file that all of them have in their memory: so no message is late, and none is lost with who has sent it.
 *
 * <p>Safe for use by many threads of many processes.
 */
final class Board {

    /** Each process that there was, restarted ones anew. */
    static final int MOST_PROCESSES = 512;

    private static final int SLOT = 128;
    private static final int SLOTS_BEGIN = 1 << 16;
    private static final int MOST_KEYS = (Integer.MAX_VALUE - SLOTS_BEGIN) / SLOT;

    private static final int LONG_AGO = 10_000;

    private static final int STOP = 0;
    private static final int NEXT = 4;
    private static final int LOW = 8;
    private static final int ENDED = 16;
    private static final int CLOCKS = 64;
    private static final int DEATHS = 1024;
    private static final int COUNTERS = 8192;
    private static final int COUNTERS_OF_ONE = 64;

    private static final int OWNER = 4;
    private static final int TENANT = 8;
    private static final int TEXT = 16;
    private static final int ID = 72;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer memory;

    /** What has become of a key, or will. */
    enum Phase {
        /** Its place is taken, and nothing more. */
        EMPTY,
        LIVE,
        ENDING,
        ENDED,
        /** Nobody uses it any more. */
        RETIRED;

        // Files do not outlive the run, nor the order of these the build.
        @SuppressWarnings("EnumOrdinal")
        private int number() {
            return ordinal();
        }
    }

    private static final Phase[] PHASES = Phase.values();

    /** How the cache of a process was doing lately. */
    record Counters(long hits, long misses, long readThroughs, long refusedFills, long lapses, long failures) {

        Counters and(Counters more) {
            return new Counters(
                    hits + more.hits,
                    misses + more.misses,
                    readThroughs + more.readThroughs,
                    refusedFills + more.refusedFills,
                    lapses + more.lapses,
                    failures + more.failures);
        }
    }

    Board(Path path) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Mostly a hole: it takes the room of what is written.
            memory = file.map(MapMode.READ_WRITE, 0, SLOTS_BEGIN + (long) MOST_KEYS * SLOT);
        }
    }

    void stop() {
        INT.setVolatile(memory, STOP, 1);
    }

    boolean isStopped() {
        return (int) INT.getVolatile(memory, STOP) != 0;
    }

    /** {@return the number of a new key, of which only its text is known, and which nobody uses yet} */
    int add(int owner, long tenant, String text) {
        int key = (int) INT.getAndAdd(memory, NEXT, 1);
        if (key >= MOST_KEYS) {
            throw new IllegalStateException("the board is full");
        }
        int slot = slot(key);
        INT.setVolatile(memory, slot + OWNER, owner);
        memory.putLong(slot + TENANT, tenant);
        put(slot + TEXT, text);
        return key;
    }

    private static int slot(int key) {
        return SLOTS_BEGIN + key * SLOT;
    }

    private void put(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        memory.put(at + 1, bytes);
        memory.put(at, (byte) bytes.length);
    }

    private String get(int at) {
        byte[] bytes = new byte[memory.get(at)];
        memory.get(at + 1, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    Phase phase(int key) {
        return PHASES[(int) INT.getAcquire(memory, slot(key))];
    }

    void phase(int key, Phase phase) {
        INT.setVolatile(memory, slot(key), phase.number());
    }

    String text(int key) {
        return get(slot(key) + TEXT);
    }

    void id(int key, KeyId id) {
        put(slot(key) + ID, id.value());
    }

    /** Whether it is known which key it is. */
    boolean hasId(int key) {
        return memory.get(slot(key) + ID) != 0;
    }

    KeyId id(int key) {
        return KeyId.of(get(slot(key) + ID));
    }

    long tenant(int key) {
        return memory.getLong(slot(key) + TENANT);
    }

    int owner(int key) {
        return (int) INT.getVolatile(memory, slot(key) + OWNER);
    }

    /** Whether the key was the other's, and now is ours. */
    boolean inherit(int key, int from, int to) {
        return INT.compareAndSet(memory, slot(key) + OWNER, from, to);
    }

    /** {@return a number above those of all keys} */
    int end() {
        return (int) INT.getVolatile(memory, NEXT);
    }

    /** {@return the number of the first key that may not be retired} */
    int begin() {
        return (int) INT.getVolatile(memory, LOW);
    }

    /** Passes over keys that are retired, and places that somebody has died in before they took them; for one thread. */
    void tidy() {
        int low = begin();
        while (low < end() && isOver(low)) {
            low++;
        }
        INT.setVolatile(memory, LOW, low);
    }

    private boolean isOver(int key) {
        Phase phase = phase(key);
        return phase == Phase.RETIRED || (phase == Phase.EMPTY && key < end() - LONG_AGO);
    }

    void countEnded(int keys) {
        LONG.getAndAdd(memory, ENDED, (long) keys);
    }

    long ended() {
        return (long) LONG.getVolatile(memory, ENDED);
    }

    void clock(int node, long aheadMillis) {
        LONG.setVolatile(memory, CLOCKS + 8 * node, aheadMillis);
    }

    long clock(int node) {
        return (long) LONG.getVolatile(memory, CLOCKS + 8 * node);
    }

    void isDead(int process) {
        INT.setVolatile(memory, DEATHS + 4 * process, 1);
    }

    boolean hasDied(int process) {
        return (int) INT.getVolatile(memory, DEATHS + 4 * process) != 0;
    }

    void counters(int process, Counters now) {
        int at = COUNTERS + COUNTERS_OF_ONE * process;
        long[] values = {now.hits, now.misses, now.readThroughs, now.refusedFills, now.lapses, now.failures};
        for (int i = 0; i < values.length; i++) {
            LONG.setVolatile(memory, at + 8 * i, values[i]);
        }
    }

    Counters counters(int process) {
        int at = COUNTERS + COUNTERS_OF_ONE * process;
        long[] v = new long[6];
        for (int i = 0; i < v.length; i++) {
            v[i] = (long) LONG.getVolatile(memory, at + 8 * i);
        }
        return new Counters(v[0], v[1], v[2], v[3], v[4], v[5]);
    }
}
