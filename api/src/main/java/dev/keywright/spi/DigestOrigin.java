package dev.keywright.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * What a key's verification hangs on.
 *
 * @param pepper the pepper that its digest was made with
 * @param importedAs the prefix of the format that it was imported with; empty where it was issued here
 */
public record DigestOrigin(PepperId pepper, Optional<String> importedAs) {

    /**
     * Takes the parts.
     *
     * @param pepper the pepper
     * @param importedAs the prefix of the format
     */
    public DigestOrigin {
        Objects.requireNonNull(pepper);
        Objects.requireNonNull(importedAs);
    }
}
