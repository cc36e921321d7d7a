package dev.keywright.core.format;

import dev.keywright.core.ImportFormat;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The formats of keys that were not issued here. */
public final class ImportFormats {

    public static final ImportFormats NONE = new ImportFormats(new ImportFormat[0]);

    /** An array: whatever is presented and is no key goes through it, and the iterator of a list takes memory each time. */
    private final ImportFormat[] formats;

    private ImportFormats(ImportFormat[] formats) {
        this.formats = formats;
    }

    /**
     * {@return these and one more}
     *
     * @throws IllegalArgumentException if another format has the same prefix, and another digest
     */
    public ImportFormats and(ImportFormat format) {
        for (ImportFormat other : marked(format.mark())) {
            if (!other.digest().isSameAs(format.digest())) {
                throw new IllegalArgumentException("import formats with the prefix " + format.mark()
                        + " must have the same digest: the rows of an import do not say which of them they mean");
            }
        }
        return new ImportFormats(
                Stream.concat(Arrays.stream(formats), Stream.of(format)).toArray(ImportFormat[]::new));
    }

    /** {@return all of them, not to be changed} */
    public ImportFormat[] all() {
        return formats;
    }

    /** Whether a text begins as a key of one of the formats does. */
    public boolean recognizes(String text) {
        for (ImportFormat format : formats) {
            if (format.recognizes(text)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text has the shape of one of the formats. */
    public boolean matches(String text) {
        for (ImportFormat format : formats) {
            if (format.isWellShaped(text)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the formats with a prefix, or with a separator instead of one} */
    public List<ImportFormat> marked(String mark) {
        return Arrays.stream(formats).filter(f -> f.mark().equals(mark)).toList();
    }

    /** {@return all characters of a text that look like a key of one of the formats} */
    public Stream<KeyText.Span> spansIn(String text) {
        return Arrays.stream(formats).flatMap(format -> format.spansIn(text));
    }
}
