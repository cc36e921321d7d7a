package dev.keywright.core.management;

import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.core.format.PepperSet;
import dev.keywright.spi.DigestOrigin;
import dev.keywright.spi.PepperId;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the configured peppers and formats with the digest origins of the active keys in a store.
 *
 * @param peppers the live peppers
 * @param formats the formats of issued keys
 * @param importFormats the accepted import formats
 * @param retired the ids of peppers whose keys need not verify any longer
 */
public record PepperCheck(
        PepperSet peppers, KeyTextFormats formats, ImportTextFormats importFormats, Set<PepperId> retired) {

    private static final Logger log = LoggerFactory.getLogger(PepperCheck.class);

    /**
     * Checks each origin, and logs a warning for each format that is missing.
     *
     * @throws IllegalStateException if a pepper is neither live nor retired
     */
    public void check(Set<DigestOrigin> originsInUse) {
        originsInUse.forEach(origin -> {
            if (!peppers.has(origin.pepper()) && !retired.contains(origin.pepper())) {
                throw new IllegalStateException("active API keys need the pepper with the id " + origin.pepper()
                        + ", which is not among the configured ones, "
                        + peppers.all().stream().map(PepperKeys::id).toList()
                        + ": configure it with pepper(…), or, if it is lost, give up its keys with"
                        + " retiredPepper(new PepperId(\"" + origin.pepper() + "\"))");
            }
            if (!origin.imported() && formats.withPrefix(origin.prefix()).isEmpty()) {
                log.warn(
                        "Active API keys with the prefix {} are rejected: configure their format with formats(…), or"
                                + " revoke them",
                        origin.prefix());
            }
            if (origin.imported() && importFormats.withMarker(origin.prefix()).isEmpty()) {
                log.warn(
                        "Active imported API keys with the prefix {} are rejected: configure their format with"
                                + " importFormat(…), or revoke them",
                        origin.prefix());
            }
        });
    }
}
