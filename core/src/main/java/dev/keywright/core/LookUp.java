package dev.keywright.core;

import dev.keywright.spi.Digest;
import dev.keywright.spi.StoredKey;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key that a text belongs to, with one look-up as a rule.
 *
 * <ol>
 *   <li>What has the shape of a key of ours: for each pepper, the issuing one first, whose check characters fit, digest the
 *       text, and look the digest up.
 *   <li>What has the shape of an imported format, and was not found so: digest the text as the other system did, and look
 *       that up, under each pepper.
 *   <li>What neither fits is not recognised, and the store was not asked.
 * </ol>
 */
final class LookUp implements KeyFinder {

    private final Function<Digest, Optional<StoredKey>> store;
    private final Peppers peppers;
    private final Pepper[] ownOrder;
    private final KeyFormats formats;

    LookUp(Function<Digest, Optional<StoredKey>> store, Peppers peppers, KeyFormats formats) {
        this.store = store;
        this.peppers = peppers;
        this.ownOrder = peppers.all().toArray(Pepper[]::new);
        this.formats = formats;
    }

    /** Whether a text begins as a key does. */
    boolean claims(@Nullable String text) {
        return text != null && (text.startsWith(KeyText.PREFIX) || formats.claim(text));
    }

    /** Whether something that looks like a key stands anywhere in a text. */
    boolean isKeyIn(String text) {
        return KeyText.isIn(text) || formats.isIn(text);
    }

    KeyFormats formats() {
        return formats;
    }

    Peppers peppers() {
        return peppers;
    }

    /** Whether a text has the shape of an imported key. */
    boolean isImported(String text) {
        return formats.of(text).isPresent();
    }

    @Override
    public Found find(@Nullable String text) {
        if (text == null) {
            return Found.NOT_RECOGNISED;
        }
        Found found = Found.NOT_RECOGNISED;
        if (KeyText.isWellShaped(text)) {
            found = issued(text);
        }
        if (found.key() != null) {
            return found;
        }
        // Not mapped: the lambda would take memory for each text that is no key.
        Optional<KeyFormat> format = formats.of(text);
        return format.isPresent() ? imported(text, format.get()) : found;
    }

    private Found issued(String text) {
        Found found = Found.NOT_RECOGNISED;
        for (Pepper pepper : ownOrder) {
            if (pepper.check().fit(text)) {
                found = withDigest(pepper.digest(text));
                if (found.key() != null) {
                    return found;
                }
            }
        }
        return found;
    }

    private Found imported(String text, KeyFormat format) {
        byte[] foreign = format.digest().of(text);
        Found found = Found.NOTHING;
        for (Pepper pepper : ownOrder) {
            found = withDigest(pepper.imported(format.digest(), foreign));
            if (found.key() != null) {
                return found;
            }
        }
        return found;
    }

    private Found withDigest(Digest digest) {
        // Compared again, in constant time: a store whose collation took another row for this one must not decide.
        Optional<StoredKey> found =
                store.apply(digest).filter(stored -> stored.digest().equals(digest));
        return found.map(stored -> new Found(true, stored.key())).orElse(Found.NOTHING);
    }
}
