package dev.keywright.benchmarks.week;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.Scopes;
import dev.keywright.benchmarks.kit.Districts;
import dev.keywright.management.IssuedKey;
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
import java.time.Instant;

/**
 * What the processes of a run know together: the keys, and how each of them is doing, so that whoever verifies one knows what must
 * come of it. It is a file that all of them have in their memory. Safe for use by many threads of many processes.
 *
 * <p>A <em>place</em> is what somebody has a key for; it is there from the beginning to the end, and the keys in it change. All that
 * a verification needs of a key is in one line of the processor's cache.
 */
final class Ledger {

    /** Of a key that lives, and is not being changed. */
    static final int LIVE = 1;

    /** Of a key of which somebody is changing something: it may be as it was before, or as it is to be. */
    static final int CHANGING = 2;

    /** Of a key whose revocation has returned. */
    static final int REVOKED = 3;

    /** In place of an end, for keys that have none. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int TEXT_LENGTH = 35;
    private static final int HEAD = 8192;
    private static final int HOT = 64;
    private static final int COLD = 64;
    private static final int PLACE = 4;

    private static final int ENDS = 8;
    private static final int TEXT = 16;

    private static final int DISTRICT = 0;
    private static final int ID_LENGTH = 4;
    private static final int ID = 5;

    private static final int LATELY = 1024;
    private static final int NEXT_OF_LATELY = 8;
    private static final int FIRST_OF_LATELY = 64;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer memory;
    private final int most;
    private final int cold;
    private final int places;

    /**
     * A ledger, with nothing in it if it was not there.
     *
     * @param path where
     * @param placesThere how many places it has
     */
    Ledger(Path path, int placesThere) throws IOException {
        // As many keys may be issued as there are places; rarely looked at, the rest of the file is a hole.
        most = Math.addExact(Math.multiplyExact(placesThere, 2), 1 << 20);
        cold = Math.addExact(HEAD, Math.multiplyExact(most, HOT));
        places = Math.addExact(cold, Math.multiplyExact(most, COLD));
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = file.map(MapMode.READ_WRITE, 0, Math.addExact(places, Math.multiplyExact(placesThere, PLACE)));
        }
        memory.order(ByteOrder.nativeOrder());
    }

    /** Puts a new key into a place; {@return its number} */
    int add(int place, int district, IssuedKey issued) {
        int key = (int) INT.getAndAdd(memory, 0, 1);
        if (key >= most) {
            throw new IllegalStateException("the ledger is full");
        }
        memory.putInt(cold + key * COLD + DISTRICT, district);
        byte[] id = issued.key().id().value().getBytes(StandardCharsets.US_ASCII);
        memory.put(cold + key * COLD + ID_LENGTH, (byte) id.length);
        memory.put(cold + key * COLD + ID, id);
        byte[] text = issued.secret().reveal().getBytes(StandardCharsets.US_ASCII);
        if (text.length != TEXT_LENGTH) {
            throw new IllegalStateException("not the shape of a key");
        }
        memory.put(HEAD + key * HOT + TEXT, text);
        is(key, LIVE, issued.key());
        INT.setRelease(memory, places + place * PLACE, key);
        return key;
    }

    /** {@return the key that is in a place} */
    int keyAt(int place) {
        return (int) INT.getAcquire(memory, places + place * PLACE);
    }

    /** {@return its text, as a request brings it: a string of its own} */
    String text(int key, byte[] room) {
        memory.get(HEAD + key * HOT + TEXT, room, 0, TEXT_LENGTH);
        return new String(room, 0, TEXT_LENGTH, StandardCharsets.ISO_8859_1);
    }

    KeyId id(int key) {
        byte[] id = new byte[memory.get(cold + key * COLD + ID_LENGTH)];
        memory.get(cold + key * COLD + ID, id);
        return KeyId.of(new String(id, StandardCharsets.US_ASCII));
    }

    int district(int key) {
        return memory.getInt(cold + key * COLD + DISTRICT);
    }

    /** {@return how a key is doing: what {@link #phase} and {@link #has} read, and a number that each change makes higher} */
    long state(int key) {
        return (long) LONG.getVolatile(memory, HEAD + key * HOT);
    }

    static int phase(long state) {
        return (int) (state & 0xff);
    }

    static boolean has(long state, int scope) {
        return (state >> (8 + scope) & 1) != 0;
    }

    /** {@return when it ends; to be asked for between two looks at its state} */
    long ends(int key) {
        return (long) LONG.getVolatile(memory, HEAD + key * HOT + ENDS);
    }

    /** {@return whether a key that lives was taken, so that nobody else changes it} */
    boolean take(int key) {
        long state = state(key);
        return phase(state) == LIVE
                && LONG.compareAndSet(memory, HEAD + key * HOT, state, next(state, CHANGING, mask(state)));
    }

    /** Gives back a key that has not been changed. */
    void giveBack(int key) {
        long state = state(key);
        LONG.setVolatile(memory, HEAD + key * HOT, next(state, LIVE, mask(state)));
    }

    /** Says how a key is from now on, on which nobody else works. */
    void is(int key, int phase, ApiKey now) {
        LONG.setVolatile(
                memory,
                HEAD + key * HOT + ENDS,
                now.expiresAt().map(Instant::toEpochMilli).orElse(NEVER));
        LONG.setVolatile(memory, HEAD + key * HOT, next(state(key), phase, mask(now.scopes())));
    }

    /** Has a key verified once more, which is no longer in its place. */
    void rememberLately(int key) {
        int at = (int) INT.getAndAdd(memory, NEXT_OF_LATELY, 1);
        INT.setVolatile(memory, FIRST_OF_LATELY + Math.floorMod(at, LATELY) * Integer.BYTES, key);
    }

    /** {@return one of those, by a number; the first key of all, where there are not so many} */
    int lately(int number) {
        return (int) INT.getVolatile(memory, FIRST_OF_LATELY + Math.floorMod(number, LATELY) * Integer.BYTES);
    }

    private static long next(long state, int phase, long mask) {
        return ((state >> 32) + 1) << 32 | mask << 8 | phase;
    }

    private static long mask(long state) {
        return state >> 8 & 0xff;
    }

    private static long mask(Scopes scopes) {
        long mask = 0;
        for (int i = 0; i < Districts.SCOPES.size(); i++) {
            mask |= scopes.contains(Districts.SCOPES.get(i)) ? 1L << i : 0;
        }
        return mask;
    }
}
