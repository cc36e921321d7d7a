package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.spi.Digest;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

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
 *
 * <p>What is found carries the revision of its snapshot; where a text takes several lookups, the least of theirs.
 */
final class LookUp implements KeyFinder {

    private final Function<Digest, LookupSnapshot> byDigest;
    private final BiFunction<TenantId, KeyId, LookupSnapshot> byId;
    private final Peppers peppers;
    private final Pepper[] ownOrder;
    private final KeyFormats formats;

    LookUp(
            Function<Digest, LookupSnapshot> byDigest,
            BiFunction<TenantId, KeyId, LookupSnapshot> byId,
            Peppers peppers,
            KeyFormats formats) {
        this.byDigest = byDigest;
        this.byId = byId;
        this.peppers = peppers;
        this.ownOrder = peppers.all().toArray(Pepper[]::new);
        this.formats = formats;
    }

    /** Whether a text begins as a key does. */
    boolean claims(String text) {
        return text.startsWith(KeyText.PREFIX) || formats.claim(text);
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
    public Found find(String text) {
        Found found = Found.NOT_RECOGNISED;
        if (KeyText.isWellShaped(text)) {
            found = issued(text);
        }
        if (found.key() != null) {
            return found;
        }
        // Not mapped: the lambda would take memory for each text that is no key.
        Optional<KeyFormat> format = formats.of(text);
        return format.isPresent() ? imported(text, format.get(), found.revision()) : found;
    }

    @Override
    public Found find(TenantId tenant, KeyId id) {
        LookupSnapshot snapshot = byId.apply(tenant, id);
        // Without its usage, as it is found by its text: a cached one would be out of date.
        ApiKey key = snapshot.key()
                .map(stored -> stored.key().toBuilder().usage(null).build())
                .orElse(null);
        return new Found(true, key, snapshot.revision());
    }

    private Found issued(String text) {
        Found found = Found.NOT_RECOGNISED;
        for (Pepper pepper : ownOrder) {
            if (pepper.check().fit(text)) {
                found = withDigest(pepper.digest(text), found.revision());
                if (found.key() != null) {
                    return found;
                }
            }
        }
        return found;
    }

    private Found imported(String text, KeyFormat format, long before) {
        byte[] foreign = format.digest().of(text);
        Found found = new Found(true, null, before);
        for (Pepper pepper : ownOrder) {
            found = withDigest(pepper.imported(format.digest(), foreign), found.revision());
            if (found.key() != null) {
                return found;
            }
        }
        return found;
    }

    private Found withDigest(Digest digest, long before) {
        LookupSnapshot snapshot = byDigest.apply(digest);
        // Compared again, in constant time: a store whose collation took another row for this one must not decide.
        ApiKey key = snapshot.key()
                .filter(stored -> stored.digest().equals(digest))
                .map(StoredKey::key)
                .orElse(null);
        return new Found(true, key, Math.min(before, snapshot.revision()));
    }
}
