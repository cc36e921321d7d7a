package dev.keywright.core;

import dev.keywright.core.format.PepperKeys;

/**
 * Secret that a back end keeps apart from its database: neither of the two alone suffices to verify or to guess keys.
 *
 * <p>All keys are derived from it once, by HKDF-SHA-256 (RFC 5869) with an empty salt and one label for each purpose; the secret
 * itself is not kept. {@link #toString} shows its id, which is derived from it and not secret. Immutable and thread-safe.
 */
public final class Pepper {

    private static final int MIN_LENGTH = 32;

    private static final Pepper NONE = new Pepper(PepperKeys.none());

    private final PepperKeys keys;

    private Pepper(PepperKeys keys) {
        this.keys = keys;
    }

    /**
     * Creates a pepper from random bytes.
     *
     * @param secret at least 32 bytes from a cryptographically strong source; neither kept nor changed
     * @return the pepper
     * @throws IllegalArgumentException if there are fewer than 32 bytes
     */
    public static Pepper of(byte[] secret) {
        if (secret.length < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a pepper must have at least " + MIN_LENGTH + " random bytes, had " + secret.length);
        }
        return new Pepper(PepperKeys.derivedFrom(secret));
    }

    /**
     * {@return the absence of a pepper: digests are plain SHA-256, and the key of the check characters is a published constant}
     * An attacker can then compute check characters for made-up keys, so that a flood of them reaches the store; and the hint of a
     * key reveals a part of it, which leaves 124 bits to guess.
     */
    public static Pepper none() {
        return NONE;
    }

    /**
     * {@return the id of the key of the check characters: the first 16 hexadecimal digits of its SHA-256} By it, a scanner that was
     * given such keys finds the one that fits. It is not secret, and reveals nothing of the key or the pepper.
     */
    public String checkKeyId() {
        return keys.checkKeyId();
    }

    /** {@return the keys that are derived from this pepper} */
    PepperKeys keys() {
        return keys;
    }

    /** {@return the id, for logs} */
    @Override
    public String toString() {
        return "Pepper[" + keys.id() + "]";
    }
}
