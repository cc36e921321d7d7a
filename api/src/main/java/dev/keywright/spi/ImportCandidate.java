package dev.keywright.spi;

import java.util.List;
import java.util.Objects;

/**
 * A key to import, with every digest under which the same text may already be stored.
 *
 * @param key the key to store
 * @param otherDigests digests of the same text under the other live peppers; a row with one of them is the same key
 */
public record ImportCandidate(StoredKey key, List<Digest> otherDigests) {

    /**
     * Copies the list.
     *
     * @param key the key
     * @param otherDigests the digests under other peppers
     */
    public ImportCandidate {
        Objects.requireNonNull(key);
        otherDigests = List.copyOf(otherDigests);
    }
}
