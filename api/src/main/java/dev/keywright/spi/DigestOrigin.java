package dev.keywright.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Origin of a digest: pepper and import format. A key can be verified only while both are configured.
 *
 * @param pepper the pepper of the digest
 * @param importedAs the prefix of the import format; empty for keys issued here
 */
public record DigestOrigin(PepperId pepper, Optional<String> importedAs) {

    /**
     * Checks the parts.
     *
     * @param pepper the pepper
     * @param importedAs the prefix of the format
     */
    public DigestOrigin {
        Objects.requireNonNull(pepper);
        Objects.requireNonNull(importedAs);
    }
}
