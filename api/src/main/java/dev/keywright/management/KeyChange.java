package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants changed about a key that they have read: its name, its scopes, or both.
 *
 * <pre>{@code
 * KeyChange.ifVersion(key.version()).rename("Payroll").rescope("read:people")
 * }</pre>
 *
 * <p>It names the version that was read, so that nobody undoes by accident what somebody else has changed meanwhile. Each
 * method gives a new change.
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
     * Begins with the version that was read; so far nothing is changed.
     *
     * @param version as {@link ApiKey#version} has it
     * @return the change
     */
    public static KeyChange ifVersion(long version) {
        return new KeyChange(version, null, null);
    }

    /**
     * Renames the key.
     *
     * @param to as {@link KeyName#of} takes it
     * @return the change, in which this replaces any name said before
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters
     */
    public KeyChange rename(String to) {
        return rename(KeyName.of(to));
    }

    /**
     * Renames the key.
     *
     * @param to what people will call it
     * @return the change, in which this replaces any name said before
     */
    public KeyChange rename(KeyName to) {
        return new KeyChange(version, Objects.requireNonNull(to), scopes);
    }

    /**
     * Gives the key other scopes in place of all that it has: fewer or more.
     *
     * @param to as {@link Scopes#of(String...)} takes them
     * @return the change, in which these replace any scopes said before
     * @throws IllegalArgumentException if there is none, one twice, or one malformed
     */
    public KeyChange rescope(String... to) {
        return rescope(Scopes.of(to));
    }

    /**
     * Gives the key other scopes in place of all that it has: fewer or more.
     *
     * @param to what it may do
     * @return the change, in which these replace any scopes said before
     */
    public KeyChange rescope(Scopes to) {
        return new KeyChange(version, name, Objects.requireNonNull(to));
    }

    /** {@return the version that was read, and that the key must still have} */
    public long version() {
        return version;
    }

    /** {@return what people will call the key; empty where its name stays} */
    public Optional<KeyName> name() {
        return Optional.ofNullable(name);
    }

    /** {@return what the key will be allowed; empty where its scopes stay} */
    public Optional<Scopes> scopes() {
        return Optional.ofNullable(scopes);
    }
}
