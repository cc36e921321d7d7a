package dev.keywright.core.management;

import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.core.format.PepperSet;
import dev.keywright.spi.DigestOrigin;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is there to verify keys with, held against what the active keys of a store hang on.
 *
 * @param peppers the live ones
 * @param formats the formats that are accepted
 * @param abandoned the ids of peppers that were given up
 */
public record PepperCheck(PepperSet peppers, ImportTextFormats formats, Set<String> abandoned) {

    private static final Logger log = LoggerFactory.getLogger(PepperCheck.class);

    /**
     * Looks whether something is missing.
     *
     * @throws IllegalStateException if keys hang on a pepper that is neither live nor given up
     */
    public void check(Set<DigestOrigin> hanging) {
        hanging.forEach(on -> {
            if (!peppers.has(on.pepper()) && !abandoned.contains(on.pepper().value())) {
                throw new IllegalStateException("there are active keys that were issued under the pepper with the id "
                        + on.pepper() + ", and the peppers given here are "
                        + peppers.all().stream().map(PepperKeys::id).toList()
                        + "; give that pepper, or, if it is lost,"
                        + " say abandoning(\"" + on.pepper() + "\")");
            }
            on.importedAs()
                    .filter(prefix -> formats.withMarker(prefix).isEmpty())
                    .ifPresent(prefix -> log.warn(
                            "There are active API keys that were imported and begin with {}, and they are refused: say"
                                    + " importFormat(…) with their format, or revoke them",
                            prefix));
        });
    }
}
