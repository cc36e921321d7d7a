package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.core.TextNames.Name;
import org.jspecify.annotations.Nullable;

/** What was found for a text, by the name of the text. */
final class Entry extends Found {

    private final long low;
    private final long high;

    /** Whether anybody has asked for it since it was last looked at. A guess: no thread waits for another to know. */
    private boolean used;

    Entry(Name name, @Nullable ApiKey key) {
        super(true, key);
        this.low = name.low();
        this.high = name.high();
    }

    boolean isNamed(Name name) {
        return low == name.low() && high == name.high();
    }

    Name name() {
        return new Name(low, high);
    }

    /** {@return where it would stand in a table with enough room} */
    int home() {
        return (int) low;
    }

    void use() {
        // Written each time, it would go back and forth between the processors.
        if (!used) {
            used = true;
        }
    }

    /** Whether it was used since this was asked before. */
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
