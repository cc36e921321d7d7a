package dev.keywright.spi;

import java.util.Objects;

/**
 * Origin of a digest: pepper and format. A key can be verified only while both are configured.
 *
 * @param pepper the pepper of the digest
 * @param prefix the prefix of the format
 * @param imported whether it is an import format; otherwise the key was issued here
 */
public record DigestOrigin(PepperId pepper, String prefix, boolean imported) {

    /**
     * Checks the parts.
     *
     * @param pepper the pepper
     * @param prefix the prefix of the format
     * @param imported whether it is an import format
     */
    public DigestOrigin {
        Objects.requireNonNull(pepper);
        Objects.requireNonNull(prefix);
    }
}
