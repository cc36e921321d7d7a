package dev.keywright.core.model;

/** What a text is: in the store, in what a look-up found, and in what a node remembers. Numbers, since they are packed. */
final class Text {

    /** A node knows nothing of it. The store never says this. */
    static final int NOT_REMEMBERED = 0;

    /** It belongs to no key. */
    static final int UNKNOWN = 1;

    static final int ACTIVE = 2;
    static final int REVOKED = 3;
    static final int MOST = 3;

    private Text() {}
}
