package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Request to change the name or scopes of a key.
 *
 * <pre>{@code
 * KeyChange.ifVersion(key.version()).rename("Payroll").rescope("read:people")
 * }</pre>
 *
 * <p>Names the version that was read, so that concurrent changes are not lost. Immutable: each method returns a new change.
 */
public final class KeyChange {

    private final long version;
    private final @Nullable KeyName name;
    private final @Nullable Scopes scopes;

    private KeyChange(long version, @Nullable KeyName name, @Nullable Scopes scopes) {
        this.version = version;
        this.name = name;
        this.scopes = scopes;
    }

    /**
     * Starts a change of the version that was read.
     *
     * @param version the version, from {@link ApiKey#version}
     * @return a change of nothing
     */
    public static KeyChange ifVersion(long version) {
        return new KeyChange(version, null, null);
    }

    /**
     * Renames the key.
     *
     * @param to the name, as for {@link KeyName#of}
     * @return the change; replaces any earlier name
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters
     */
    public KeyChange rename(String to) {
        return rename(KeyName.of(to));
    }

    /**
     * Renames the key.
     *
     * @param to the name
     * @return the change; replaces any earlier name
     */
    public KeyChange rename(KeyName to) {
        return new KeyChange(version, Objects.requireNonNull(to), scopes);
    }

    /**
     * Replaces all scopes of the key.
     *
     * @param to the scopes, as for {@link Scopes#of(String...)}
     * @return the change; replaces any earlier scopes
     * @throws IllegalArgumentException if there is none, one twice, or one malformed
     */
    public KeyChange rescope(String... to) {
        return rescope(Scopes.of(to));
    }

    /**
     * Replaces all scopes of the key.
     *
     * @param to the scopes
     * @return the change; replaces any earlier scopes
     */
    public KeyChange rescope(Scopes to) {
        return new KeyChange(version, name, Objects.requireNonNull(to));
    }

    /** {@return the version that the key must still have} */
    public long version() {
        return version;
    }

    /** {@return the new name; empty if it does not change} */
    public Optional<KeyName> name() {
        return Optional.ofNullable(name);
    }

    /** {@return the new scopes; empty if they do not change} */
    public Optional<Scopes> scopes() {
        return Optional.ofNullable(scopes);
    }
}
