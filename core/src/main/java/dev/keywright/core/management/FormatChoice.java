package dev.keywright.core.management;

import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import dev.keywright.spi.StoredKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses the format in which a key is issued. A key never leaves its environment. */
final class FormatChoice {

    private final List<KeyTextFormat> formats;

    /** Whether a key without an environment may be moved into one. */
    private final boolean entersEnvironments;

    private FormatChoice(List<KeyTextFormat> formats, boolean entersEnvironments) {
        this.formats = formats;
        this.entersEnvironments = entersEnvironments;
    }

    /** {@return the choice among all formats} */
    static FormatChoice of(KeyTextFormats formats) {
        return new FormatChoice(formats.all(), true);
    }

    /** {@return the choice among the formats in which own keys may be issued} */
    FormatChoice within(OwnKeyLimits own) {
        Set<String> environments = own.environments();
        return new FormatChoice(
                environments == null
                        ? formats
                        : formats.stream()
                                .filter(format -> format.environment()
                                        .filter(environments::contains)
                                        .isPresent())
                                .toList(),
                false);
    }

    /**
     * {@return the first format of an environment; without one, the first format of all}
     *
     * @throws InvalidRequestException for the field {@code environment}, if no format has it
     */
    KeyTextFormat forEnvironment(Optional<String> environment) {
        return environment.isEmpty()
                ? formats.get(0)
                : first(format -> format.environment().equals(environment)).orElseThrow(this::unknownEnvironment);
    }

    private InvalidRequestException unknownEnvironment() {
        String known = joined(formats.stream().flatMap(format -> format.environment().stream()));
        return new InvalidRequestException(
                Field.ENVIRONMENT,
                known.isEmpty() ? "must not be set: no key format has one" : "must be one of: " + known);
    }

    /**
     * {@return the format of a key's successor: that of the key; if it is no longer configured, or now has another environment,
     * the first one of the key's environment}
     *
     * @throws InvalidRequestException for the field {@code environment}, if no format has that of the key; for the field {@code
     *     prefix}, if the key has no environment, and each format has one
     */
    KeyTextFormat forSuccessor(StoredKey old) {
        Optional<String> environment = old.key().environment();
        return first(format -> format.prefix().equals(old.prefix()) && fits(old, format))
                .or(() -> first(format -> fits(old, format)))
                .orElseThrow(() -> noFormat(environment));
    }

    private InvalidRequestException noFormat(Optional<String> environment) {
        if (environment.isPresent()) {
            return new InvalidRequestException(
                    Field.ENVIRONMENT,
                    environment.get() + ", that of the API key, is not available for new keys: issue a key in another"
                            + " one, or ask an administrator");
        }
        return new InvalidRequestException(
                Field.PREFIX,
                entersEnvironments
                        ? "must be set, because the API key has no environment and each format has one: " + prefixes()
                        : "must be that of a format without an environment, and there is none: issue another API key, or"
                                + " ask an administrator");
    }

    /**
     * {@return the format with a prefix, for a key's successor}
     *
     * @throws InvalidRequestException for the field {@code prefix}, if there is none, or it is for another environment
     */
    KeyTextFormat forSuccessor(StoredKey old, String prefix) {
        KeyTextFormat format = first(f -> f.prefix().equals(prefix))
                .orElseThrow(() -> new InvalidRequestException(Field.PREFIX, "must be one of: " + prefixes()));
        Optional<String> environment = old.key().environment();
        if (!fits(old, format) && !(environment.isEmpty() && entersEnvironments)) {
            throw new InvalidRequestException(
                    Field.PREFIX,
                    environment
                            .map(name -> "must be that of a format of the environment " + name
                                    + ", in which the key was issued")
                            .orElse(
                                    "must be that of a format without an environment, as the API key has none; an administrator"
                                            + " can choose another one"));
        }
        return format;
    }

    private static boolean fits(StoredKey old, KeyTextFormat format) {
        return old.key().environment().equals(format.environment());
    }

    private Optional<KeyTextFormat> first(Predicate<KeyTextFormat> condition) {
        return formats.stream().filter(condition).findFirst();
    }

    private String prefixes() {
        return joined(formats.stream().map(KeyTextFormat::prefix));
    }

    private static String joined(Stream<String> names) {
        return names.distinct().collect(Collectors.joining(", "));
    }
}
