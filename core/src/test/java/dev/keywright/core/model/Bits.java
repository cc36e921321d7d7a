package dev.keywright.core.model;

/** Writes small numbers into a few words, or reads them back in the same order: one method of each class serves both. */
final class Bits {

    private final long[] words;
    private final int end;
    private final boolean reads;
    private int word;
    private int used;

    private Bits(long[] words, int from, int end, boolean reads) {
        this.words = words;
        this.word = from;
        this.end = end;
        this.reads = reads;
    }

    static Bits into(long[] words, int from, int end) {
        return new Bits(words, from, end, false);
    }

    static Bits outOf(long[] words, int from, int end) {
        return new Bits(words, from, end, true);
    }

    /** Writes a number from 0 to a greatest one, and returns it; or returns the one that was written. */
    int through(int value, int most) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(most);
        if (used + width > Long.SIZE) {
            word++;
            used = 0;
        }
        if (word >= end) {
            throw new IllegalStateException("a state needs more words");
        }
        int at = used;
        used += width;
        if (reads) {
            return (int) (words[word] >>> at & ((1L << width) - 1));
        }
        if (value < 0 || value > most) {
            throw new IllegalStateException(value + " is not between 0 and " + most);
        }
        words[word] |= (long) value << at;
        return value;
    }

    boolean through(boolean value) {
        return through(value ? 1 : 0, 1) == 1;
    }
}
