package dev.keywright.core.management;

import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.spi.StoredKey;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses the format in which a key is issued. A key never moves to another environment. */
final class FormatChoice {

    private final KeyTextFormats formats;

    FormatChoice(KeyTextFormats formats) {
        this.formats = formats;
    }

    /**
     * {@return the first format of an environment; without one, the first format of all}
     *
     * @throws InvalidRequestException for the field {@code environment}, if no format has it
     */
    KeyTextFormat forEnvironment(Optional<String> environment) {
        return environment
                .map(name -> formats.ofEnvironment(name).orElseThrow(this::unknownEnvironment))
                .orElseGet(() -> formats.all().get(0));
    }

    private InvalidRequestException unknownEnvironment() {
        String known = joined(formats.all().stream().flatMap(format -> format.environment().stream()));
        return new InvalidRequestException(
                Field.ENVIRONMENT,
                known.isEmpty() ? "must not be set: no key format has one" : "must be one of: " + known);
    }

    /**
     * {@return the format of a key's successor: that of the key; if it is no longer configured, or now has another environment,
     * the first one of the key's environment}
     *
     * @throws InvalidRequestException for the field {@code environment}, if no format has that of the key
     */
    KeyTextFormat forSuccessor(StoredKey old) {
        return formats.withPrefix(old.prefix())
                .filter(format -> fits(old, format))
                .orElseGet(() -> forEnvironment(old.key().environment()));
    }

    /**
     * {@return the format with a prefix, for a key's successor}
     *
     * @throws InvalidRequestException for the field {@code prefix}, if there is none, or it is for another environment
     */
    KeyTextFormat forSuccessor(StoredKey old, String prefix) {
        KeyTextFormat format = formats.withPrefix(prefix)
                .orElseThrow(() -> new InvalidRequestException(
                        Field.PREFIX,
                        "must be one of: " + joined(formats.all().stream().map(KeyTextFormat::prefix))));
        if (!fits(old, format)) {
            throw new InvalidRequestException(
                    Field.PREFIX,
                    "must be that of a format of the environment "
                            + old.key().environment().orElseThrow() + ", in which the key was issued");
        }
        return format;
    }

    private static boolean fits(StoredKey old, KeyTextFormat format) {
        Optional<String> environment = old.key().environment();
        return environment.isEmpty() || environment.equals(format.environment());
    }

    private static String joined(Stream<String> names) {
        return names.distinct().collect(Collectors.joining(", "));
    }
}
