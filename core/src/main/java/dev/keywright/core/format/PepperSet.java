package dev.keywright.core.format;

import dev.keywright.spi.PepperId;
import java.util.List;
import java.util.stream.Stream;

/**
 * Live peppers.
 *
 * @param issuing the pepper under which keys are issued
 * @param accepted further peppers under which keys are verified: older ones, or a future issuing pepper
 */
public record PepperSet(PepperKeys issuing, List<PepperKeys> accepted) {

    /** {@return all peppers, the issuing one first} */
    public List<PepperKeys> all() {
        return Stream.concat(Stream.of(issuing), accepted.stream()).toList();
    }

    /** Whether a pepper is live. */
    public boolean has(PepperId id) {
        return all().stream().anyMatch(pepper -> pepper.id().equals(id));
    }
}
