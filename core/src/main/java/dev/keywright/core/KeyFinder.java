package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/** Finds the key that a text belongs to. Safe for use by many threads. */
interface KeyFinder {

    /**
     * What came of it.
     *
     * @param recognised whether the text may be a key, so that it was looked for
     * @param key the key; null where there is none
     */
    record Found(boolean recognised, @Nullable ApiKey key) {

        static final Found NOT_RECOGNISED = new Found(false, null);
        static final Found NOTHING = new Found(true, null);
    }

    /**
     * Finds a key, in whatever state it is.
     *
     * @throws StoreUnavailable if it would have to be looked up, and the store cannot answer
     */
    Found find(String text);
}
