package dev.keywright.core.lookup;

import dev.keywright.ApiKey;
import dev.keywright.KeyId;
import dev.keywright.TenantId;
import dev.keywright.core.format.ImportTextFormat;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyText;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.format.PepperKeys;
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
 * Finds keys in the store, usually with one lookup.
 *
 * <ol>
 *   <li>A text of the shape of an issued key is digested under each pepper whose check characters match, the issuing pepper first,
 *       and the digest is looked up.
 *   <li>If no key was found, the text is digested as the other system did under each import format whose shape it has, and that
 *       digest is looked up under each pepper.
 *   <li>A text that matches neither is not recognized, and the store is not asked.
 * </ol>
 *
 * <p>A result has the revision of the store's snapshot; if a text takes several lookups, the lowest of their revisions.
 */
public final class StoreKeyFinder implements KeyFinder {

    private final Function<Digest, LookupSnapshot> byDigest;
    private final BiFunction<TenantId, KeyId, LookupSnapshot> byId;
    private final PepperSet peppers;

    /** An array, since a list's iterator allocates. */
    private final PepperKeys[] issuingFirst;

    private final KeyTextFormats formats;
    private final ImportTextFormats importFormats;

    /**
     * Creates a finder.
     *
     * @param byDigest looks a digest up in the store
     * @param byId looks a key up in the store
     * @param peppers the peppers under which keys are looked up
     * @param formats the formats of issued keys
     * @param importFormats the formats of imported keys
     */
    public StoreKeyFinder(
            Function<Digest, LookupSnapshot> byDigest,
            BiFunction<TenantId, KeyId, LookupSnapshot> byId,
            PepperSet peppers,
            KeyTextFormats formats,
            ImportTextFormats importFormats) {
        this.byDigest = byDigest;
        this.byId = byId;
        this.peppers = peppers;
        this.issuingFirst = peppers.all().toArray(PepperKeys[]::new);
        this.formats = formats;
        this.importFormats = importFormats;
    }

    @Override
    public boolean recognizes(@Nullable String token) {
        return token != null && (formats.recognizes(token) || importFormats.recognizes(token));
    }

    /** Whether a text contains anything that looks like a key. */
    public boolean isKeyIn(String text) {
        return spansIn(text).findAny().isPresent();
    }

    /**
     * {@return the distinct parts of a text that have the shape of an issued or imported key} Neither check characters nor the store
     * are consulted.
     */
    public Stream<String> keysIn(String text) {
        return spansIn(text).map(span -> span.in(text)).distinct();
    }

    /** {@return a text with each key replaced by its hint: {@code …o5p6}} */
    public String hideKeysIn(String text) {
        BitSet hidden = new BitSet(text.length());
        spansIn(text).forEach(span -> hidden.set(span.start(), span.end()));
        StringBuilder redacted = new StringBuilder();
        int end = 0;
        for (int start = hidden.nextSetBit(0); start >= 0; start = hidden.nextSetBit(end)) {
            redacted.append(text, end, start);
            end = hidden.nextClearBit(start);
            redacted.append('…').append(KeyText.hintOf(text.substring(start, end)));
        }
        return redacted.append(text, end, text.length()).toString();
    }

    private Stream<KeyText.Span> spansIn(String text) {
        return Stream.concat(formats.spansIn(text), importFormats.spansIn(text));
    }

    /** {@return the formats of issued keys} */
    public KeyTextFormats formats() {
        return formats;
    }

    /** {@return the formats of imported keys} */
    public ImportTextFormats importFormats() {
        return importFormats;
    }

    /** {@return the peppers under which keys are looked up} */
    public PepperSet peppers() {
        return peppers;
    }

    /** Whether a text has the shape of an imported key. */
    public boolean isImported(String text) {
        return importFormats.matches(text);
    }

    /**
     * Finds every key to which a text belongs: under each pepper, as an issued key and as an imported one. Check characters are
     * ignored, so that the number of lookups depends only on the shape of the text.
     */
    public List<ApiKey> findAll(String text) {
        List<Digest> digests = new ArrayList<>();
        if (formats.matches(text)) {
            peppers.all().forEach(pepper -> digests.add(pepper.digest(text)));
        }
        for (ImportTextFormat format : importFormats.all()) {
            if (format.isWellShaped(text)) {
                byte[] foreignDigest = format.digestOf(text);
                peppers.all().forEach(pepper -> digests.add(pepper.imported(format.algorithm(), foreignDigest)));
            }
        }
        return digests.stream()
                .map(digest -> find(digest, Long.MAX_VALUE))
                .flatMap(found -> Stream.ofNullable(found.key()))
                .toList();
    }

    @Override
    public LookupResult find(@Nullable String text) {
        if (text == null) {
            return LookupResult.NOT_RECOGNIZED;
        }
        LookupResult found = LookupResult.NOT_RECOGNIZED;
        if (formats.matches(text)) {
            found = findIssued(text);
        }
        for (ImportTextFormat format : importFormats.all()) {
            if (found.key() == null && format.isWellShaped(text)) {
                found = findImported(text, format, found.revision());
            }
        }
        return found;
    }

    @Override
    public LookupResult find(TenantId tenant, KeyId id) {
        LookupSnapshot snapshot = byId.apply(tenant, id);
        // Without its usage, like a key that is found by its text: a cached usage would be out of date.
        ApiKey key = snapshot.key()
                .map(stored -> StoredValues.keyBuilder(stored.key()).usage(null).build())
                .orElse(null);
        return new LookupResult(key, snapshot.revision());
    }

    private LookupResult findIssued(String text) {
        LookupResult found = LookupResult.NOT_RECOGNIZED;
        for (PepperKeys pepper : issuingFirst) {
            if (pepper.check().fit(text)) {
                found = find(pepper.digest(text), found.revision());
                if (found.key() != null) {
                    return found;
                }
            }
        }
        return found;
    }

    private LookupResult findImported(String text, ImportTextFormat format, long lowestRevision) {
        byte[] foreignDigest = format.digestOf(text);
        LookupResult found = new LookupResult(null, lowestRevision);
        for (PepperKeys pepper : issuingFirst) {
            found = find(pepper.imported(format.algorithm(), foreignDigest), found.revision());
            if (found.key() != null) {
                return found;
            }
        }
        return found;
    }

    private LookupResult find(Digest digest, long lowestRevision) {
        LookupSnapshot snapshot = byDigest.apply(digest);
        // Compared again, in constant time, in case the collation of the store matches a different digest.
        ApiKey key = snapshot.key()
                .filter(stored -> stored.digest().equals(digest))
                .map(StoredKey::key)
                .orElse(null);
        return new LookupResult(key, Math.min(lowestRevision, snapshot.revision()));
    }
}
