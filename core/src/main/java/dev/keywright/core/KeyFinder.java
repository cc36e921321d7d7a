package dev.keywright.core;

import dev.keywright.StoreUnavailable;

/** Finds the key that a text belongs to. Safe for use by many threads. */
interface KeyFinder {

    /**
     * Finds a key, in whatever state it is.
     *
     * @throws StoreUnavailable if it would have to be looked up, and the store cannot answer
     */
    Found find(String text);
}
