package dev.keywright.stress;

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
 * Shared memory of all processes of a run: the keys with their phases, and the coordinator's messages to the nodes. It is a
 * memory-mapped file, so that no message is late, and none is lost with a killed process. Thread-safe, across processes too.
 */
final class SharedKeys {

    /** The limit of processes in a run; each replacement of a killed one counts. */
    static final int MAX_PROCESSES = 512;

    private static final int SLOT = 128;
    private static final int SLOTS_BEGIN = 1 << 16;
    private static final int MAX_KEYS = (Integer.MAX_VALUE - SLOTS_BEGIN) / SLOT;

    private static final int ABANDONED_AFTER_KEYS = 10_000;

    private static final int STOP = 0;
    private static final int NEXT = 4;
    private static final int LOW = 8;
    private static final int REVOKED = 16;
    private static final int CLOCKS = 64;
    private static final int KILLED = 1024;
    private static final int COUNTERS = 8192;
    private static final int COUNTERS_OF_ONE = 64;

    private static final int OWNER = 4;
    private static final int TENANT = 8;
    private static final int TEXT = 16;
    private static final int ID = 72;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer memory;

    /** The life of a key, as its writer sees it. */
    enum Phase {
        /** The slot is reserved. */
        EMPTY,
        LIVE,
        REVOKING,
        REVOKED,
        /** No longer verified. */
        RETIRED;

        // The file does not outlive the build.
        @SuppressWarnings("EnumOrdinal")
        private int number() {
            return ordinal();
        }
    }

    private static final Phase[] PHASES = Phase.values();

    /** Cache statistics of a process, as last reported. */
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

    SharedKeys(Path path) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Sparse: only written pages take space.
            memory = file.map(MapMode.READ_WRITE, 0, SLOTS_BEGIN + (long) MAX_KEYS * SLOT);
        }
    }

    /** Tells the writers to finish their round. */
    void stop() {
        INT.setVolatile(memory, STOP, 1);
    }

    boolean isStopped() {
        return (int) INT.getVolatile(memory, STOP) != 0;
    }

    /** Adds a key in phase EMPTY, and returns its number. */
    int add(int owner, long tenant, String text) {
        int key = (int) INT.getAndAdd(memory, NEXT, 1);
        if (key >= MAX_KEYS) {
            throw new IllegalStateException("no space for more than " + MAX_KEYS + " keys");
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

    /** Whether the key's id is known. */
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

    /** Takes over a key of a killed process, atomically; returns whether this call did. */
    boolean takeOver(int key, int from, int to) {
        return INT.compareAndSet(memory, slot(key) + OWNER, from, to);
    }

    /** {@return the number after the last key's} */
    int size() {
        return (int) INT.getVolatile(memory, NEXT);
    }

    /** {@return the number of the first key that may be in use} */
    int firstInUse() {
        return (int) INT.getVolatile(memory, LOW);
    }

    /** Moves {@link #firstInUse} past retired keys and abandoned slots. Called by one thread. */
    void advance() {
        int low = firstInUse();
        while (low < size() && isRetired(low)) {
            low++;
        }
        INT.setVolatile(memory, LOW, low);
    }

    private boolean isRetired(int key) {
        Phase phase = phase(key);
        return phase == Phase.RETIRED || (phase == Phase.EMPTY && key < size() - ABANDONED_AFTER_KEYS);
    }

    void addRevoked(int keys) {
        LONG.getAndAdd(memory, REVOKED, (long) keys);
    }

    long revokedCount() {
        return (long) LONG.getVolatile(memory, REVOKED);
    }

    void clockOffset(int node, long millis) {
        LONG.setVolatile(memory, CLOCKS + 8 * node, millis);
    }

    long clockOffset(int node) {
        return (long) LONG.getVolatile(memory, CLOCKS + 8 * node);
    }

    void markKilled(int process) {
        INT.setVolatile(memory, KILLED + 4 * process, 1);
    }

    boolean wasKilled(int process) {
        return (int) INT.getVolatile(memory, KILLED + 4 * process) != 0;
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
