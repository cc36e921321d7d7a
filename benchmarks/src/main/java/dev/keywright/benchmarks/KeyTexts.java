package dev.keywright.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The texts of many keys, one behind the other: a request brings a fresh string, and holds on to none. */
final class KeyTexts {

    /** How long a key is. */
    static final int LENGTH = 35;

    private byte[] all;
    private int count;

    /** With room for so many; it grows. */
    KeyTexts(int room) {
        this.all = new byte[room * LENGTH];
    }

    void add(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException("not a key: " + text.length() + " characters");
        }
        if (count * LENGTH == all.length) {
            all = Arrays.copyOf(all, all.length * 2);
        }
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, all, count * LENGTH, LENGTH);
        count++;
    }

    /** {@return how many there are} */
    int count() {
        return count;
    }

    /** {@return one of them, as a request brings it} */
    String fresh(int number) {
        return new String(all, number * LENGTH, LENGTH, StandardCharsets.ISO_8859_1);
    }
}
