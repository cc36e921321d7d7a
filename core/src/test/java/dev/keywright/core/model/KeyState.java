package dev.keywright.core.model;

/**
 * State of a key in the store, in the result of a lookup, and in a cache. Numbers, because states of the model are
 * packed.
 */
final class KeyState {

    /** Only in a cache: there is no entry. */
    static final int NOT_CACHED = 0;

    /** There is no such key. */
    static final int UNKNOWN = 1;

    static final int ACTIVE = 2;
    static final int REVOKED = 3;
    static final int MAX = 3;

    private KeyState() {}
}
