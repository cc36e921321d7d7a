package dev.keywright.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The texts of keys in one array, so that each verification gets a new string and none is retained. */
final class KeyTexts {

    /** The length of a key. */
    static final int LENGTH = 35;

    private byte[] all;
    private int count;

    /** Creates an array with an initial capacity. */
    KeyTexts(int capacity) {
        this.all = new byte[capacity * LENGTH];
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

    void addAll(KeyTexts others) {
        for (int i = 0; i < others.count(); i++) {
            add(others.fresh(i));
        }
    }

    /** {@return the number of keys} */
    int count() {
        return count;
    }

    /** {@return a new string with the text of a key} */
    String fresh(int number) {
        return new String(all, number * LENGTH, LENGTH, StandardCharsets.ISO_8859_1);
    }
}
