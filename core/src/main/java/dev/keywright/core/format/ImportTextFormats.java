package dev.keywright.core.format;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Accepted formats of imported keys. Immutable and thread-safe. */
public final class ImportTextFormats {

    /** No formats. */
    public static final ImportTextFormats NONE = new ImportTextFormats(new ImportTextFormat[0]);

    /** An array, because verification of any token that is not an issued key iterates over it, and a list's iterator allocates. */
    private final ImportTextFormat[] formats;

    private ImportTextFormats(ImportTextFormat[] formats) {
        this.formats = formats;
    }

    /**
     * {@return these formats and another one}
     *
     * @throws IllegalArgumentException if another format has the same prefix and a different digest
     */
    public ImportTextFormats and(ImportTextFormat format) {
        for (ImportTextFormat other : withMarker(format.marker())) {
            if (!other.algorithm().isSameAs(format.algorithm())) {
                throw new IllegalArgumentException("import formats with the prefix " + format.marker()
                        + " must have the same digest: the rows of an import name a format by its prefix only");
            }
        }
        return new ImportTextFormats(
                Stream.concat(Arrays.stream(formats), Stream.of(format)).toArray(ImportTextFormat[]::new));
    }

    /** {@return all formats; not to be modified} */
    public ImportTextFormat[] all() {
        return formats;
    }

    /** Whether one of the formats takes a token for a key. */
    public boolean recognizes(String token) {
        for (ImportTextFormat format : formats) {
            if (format.recognizes(token)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text has the shape of one of the formats. */
    public boolean matches(String text) {
        for (ImportTextFormat format : formats) {
            if (format.isWellShaped(text)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the formats with a {@linkplain ImportTextFormat#marker() marker}} */
    public List<ImportTextFormat> withMarker(String marker) {
        return Arrays.stream(formats).filter(f -> f.marker().equals(marker)).toList();
    }

    /** {@return all parts of a text that look like a key of one of the formats} */
    public Stream<KeyText.Span> spansIn(String text) {
        return Arrays.stream(formats).flatMap(format -> format.spansIn(text));
    }
}
