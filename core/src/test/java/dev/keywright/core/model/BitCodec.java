package dev.keywright.core.model;

/** Packs small numbers into words, or unpacks them in the same order, so that each class needs one method for both. */
final class BitCodec {

    private final long[] words;
    private final int end;
    private final boolean reads;
    private int word;
    private int used;

    private BitCodec(long[] words, int from, int end, boolean reads) {
        this.words = words;
        this.word = from;
        this.end = end;
        this.reads = reads;
    }

    static BitCodec into(long[] words, int from, int end) {
        return new BitCodec(words, from, end, false);
    }

    static BitCodec outOf(long[] words, int from, int end) {
        return new BitCodec(words, from, end, true);
    }

    /**
     * Writes a number, or reads one.
     *
     * @param max the largest number that can be written here; the smallest is 0
     * @return the number that was written or read
     */
    int code(int value, int max) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(max);
        if (used + width > Long.SIZE) {
            word++;
            used = 0;
        }
        if (word >= end) {
            throw new IllegalStateException("the state does not fit into its words");
        }
        int at = used;
        used += width;
        if (reads) {
            return (int) (words[word] >>> at & ((1L << width) - 1));
        }
        if (value < 0 || value > max) {
            throw new IllegalStateException(value + " is not between 0 and " + max);
        }
        words[word] |= (long) value << at;
        return value;
    }

    boolean code(boolean value) {
        return code(value ? 1 : 0, 1) == 1;
    }
}
