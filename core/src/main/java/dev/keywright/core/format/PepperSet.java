package dev.keywright.core.format;

import dev.keywright.spi.PepperId;
import java.util.List;
import java.util.stream.Stream;

/**
 * The peppers that are live: one that keys are issued under, and others that are accepted, older or not yet issued under.
 *
 * @param issuing the one
 * @param accepted the others
 */
public record PepperSet(PepperKeys issuing, List<PepperKeys> accepted) {

    /** {@return all of them, the issuing one first} */
    public List<PepperKeys> all() {
        return Stream.concat(Stream.of(issuing), accepted.stream()).toList();
    }

    public boolean has(PepperId id) {
        return all().stream().anyMatch(pepper -> pepper.id().equals(id));
    }
}
