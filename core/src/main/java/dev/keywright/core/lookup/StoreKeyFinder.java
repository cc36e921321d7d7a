package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Pepper;
import dev.keywright.core.format.ImportFormats;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.PepperSet;
import dev.keywright.spi.Digest;
import dev.keywright.spi.LookupSnapshot;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key that a text belongs to, with one look-up as a rule.
 *
 * <ol>
 *   <li>What has the shape of a key of ours: for each pepper, the issuing one first, whose check characters fit, digest the
 *       text, and look the digest up.
 *   <li>What was not found so: for each import format whose shape the text has, digest the text as the other system did, and
 *       look that up, under each pepper.
 *   <li>What neither fits is not recognised, and the store was not asked.
 * </ol>
 *
 * <p>What is found carries the revision of its snapshot; where a text takes several lookups, the least of theirs.
 */
public final class StoreKeyFinder implements KeyFinder {

    private final Function<Digest, LookupSnapshot> byDigest;
    private final BiFunction<TenantId, KeyId, LookupSnapshot> byId;
    private final PepperSet peppers;
    private final Pepper[] ownOrder;
    private final ImportFormats formats;

    public StoreKeyFinder(
            Function<Digest, LookupSnapshot> byDigest,
            BiFunction<TenantId, KeyId, LookupSnapshot> byId,
            PepperSet peppers,
            ImportFormats formats) {
        this.byDigest = byDigest;
        this.byId = byId;
        this.peppers = peppers;
        this.ownOrder = peppers.all().toArray(Pepper[]::new);
        this.formats = formats;
    }

    /** Whether a text begins as a key does. */
    boolean recognizes(@Nullable String text) {
        return text != null && (text.startsWith(KeyText.PREFIX) || formats.recognizes(text));
    }

    /** Whether something that looks like a key stands anywhere in a text. */
    public boolean isKeyIn(String text) {
        return spansIn(text).findAny().isPresent();
    }

    /**
     * {@return the distinct texts of the shape of a key, ours or imported, that stand anywhere in a text} Neither check
     * characters nor the store are asked.
     */
    public Stream<String> keysIn(String text) {
        return spansIn(text).map(span -> span.in(text)).distinct();
    }

    /** {@return a text in which the hint stands for each key: {@code …o5p6}} */
    public String hideKeysIn(String text) {
        BitSet hidden = new BitSet(text.length());
        spansIn(text).forEach(span -> hidden.set(span.start(), span.end()));
        StringBuilder shown = new StringBuilder();
        int end = 0;
        for (int start = hidden.nextSetBit(0); start >= 0; start = hidden.nextSetBit(end)) {
            shown.append(text, end, start);
            end = hidden.nextClearBit(start);
            shown.append('…').append(KeyText.hintOf(text.substring(start, end)));
        }
        return shown.append(text, end, text.length()).toString();
    }

    private Stream<KeyText.Span> spansIn(String text) {
        return Stream.concat(KeyText.spansIn(text), formats.spansIn(text));
    }

    public ImportFormats formats() {
        return formats;
    }

    public PepperSet peppers() {
        return peppers;
    }

    /** Whether a text has the shape of an imported key. */
    public boolean isImported(String text) {
        return formats.matches(text);
    }

    /**
     * Finds every key that a text belongs to: under each pepper, as a key of ours and as an imported one. The check
     * characters are not looked at, so that the number of lookups depends on the shape of the text alone.
     */
    public List<ApiKey> findAll(String text) {
        List<Digest> digests = new ArrayList<>();
        if (KeyText.isWellShaped(text)) {
            peppers.all().forEach(pepper -> digests.add(pepper.digest(text)));
        }
        for (ImportFormat format : formats.all()) {
            if (format.isWellShaped(text)) {
                byte[] foreign = format.digestOf(text);
                peppers.all().forEach(pepper -> digests.add(pepper.imported(format.digest(), foreign)));
            }
        }
        return digests.stream()
                .map(digest -> withDigest(digest, Long.MAX_VALUE))
                .flatMap(found -> Stream.ofNullable(found.key()))
                .toList();
    }

    @Override
    public LookupResult find(@Nullable String text) {
        if (text == null) {
            return LookupResult.NOT_RECOGNIZED;
        }
        LookupResult found = LookupResult.NOT_RECOGNIZED;
        if (KeyText.isWellShaped(text)) {
            found = issued(text);
        }
        for (ImportFormat format : formats.all()) {
            if (found.key() == null && format.isWellShaped(text)) {
                found = imported(text, format, found.revision());
            }
        }
        return found;
    }

    @Override
    public LookupResult find(TenantId tenant, KeyId id) {
        LookupSnapshot snapshot = byId.apply(tenant, id);
        // Without its usage, as it is found by its text: a cached one would be out of date.
        ApiKey key = snapshot.key()
                .map(stored -> StoredValues.keyBuilder(stored.key()).usage(null).build())
                .orElse(null);
        return new LookupResult(true, key, snapshot.revision());
    }

    private LookupResult issued(String text) {
        LookupResult found = LookupResult.NOT_RECOGNIZED;
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

    private LookupResult imported(String text, ImportFormat format, long before) {
        byte[] foreign = format.digestOf(text);
        LookupResult found = new LookupResult(true, null, before);
        for (Pepper pepper : ownOrder) {
            found = withDigest(pepper.imported(format.digest(), foreign), found.revision());
            if (found.key() != null) {
                return found;
            }
        }
        return found;
    }

    private LookupResult withDigest(Digest digest, long before) {
        LookupSnapshot snapshot = byDigest.apply(digest);
        // Compared again, in constant time: a store whose collation took another row for this one must not decide.
        ApiKey key = snapshot.key()
                .filter(stored -> stored.digest().equals(digest))
                .map(StoredKey::key)
                .orElse(null);
        return new LookupResult(true, key, Math.min(before, snapshot.revision()));
    }
}
