package dev.keywright.management;

import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyName;
import dev.keywright.KeyOwner;
import dev.keywright.Scopes;
import dev.keywright.internal.Text;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Request to change a key: its name, scopes, owner, description or attributes.
 *
 * <pre>{@code
 * KeyChange.ifVersion(key.version()).rename("Payroll").rescope("read:people")
 * }</pre>
 *
 * <p>Names the version that was read, so that concurrent changes are not lost. Immutable: each method returns a new change.
 */
public final class KeyChange {

    private final long version;
    private @Nullable KeyName name;
    private @Nullable Scopes scopes;
    private boolean changesOwner;
    private @Nullable KeyOwner owner;
    private boolean changesDescription;
    private @Nullable String description;
    private @Nullable KeyAttributes attributes;

    private KeyChange(long version) {
        this.version = version;
    }

    /** {@return a copy with one part changed; no change is modified after a method has returned it} */
    private KeyChange with(Consumer<KeyChange> part) {
        KeyChange copy = new KeyChange(version);
        copy.name = name;
        copy.scopes = scopes;
        copy.changesOwner = changesOwner;
        copy.owner = owner;
        copy.changesDescription = changesDescription;
        copy.description = description;
        copy.attributes = attributes;
        part.accept(copy);
        return copy;
    }

    /**
     * Starts a change of the version that was read.
     *
     * @param version the version, from {@link ApiKey#version}
     * @return a change of nothing
     */
    public static KeyChange ifVersion(long version) {
        return new KeyChange(version);
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
        return with(copy -> copy.name = Objects.requireNonNull(to));
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
        return with(copy -> copy.scopes = Objects.requireNonNull(to));
    }

    /**
     * Transfers the key to another owner.
     *
     * @param to the new owner
     * @return the change; replaces any earlier owner
     */
    public KeyChange transferTo(KeyOwner to) {
        return with(copy -> {
            copy.changesOwner = true;
            copy.owner = Objects.requireNonNull(to);
        });
    }

    /**
     * Removes the owner: the key then belongs to its tenant only.
     *
     * @return the change; replaces any earlier owner
     */
    public KeyChange withoutOwner() {
        return with(copy -> {
            copy.changesOwner = true;
            copy.owner = null;
        });
    }

    /**
     * Replaces the description.
     *
     * @param to the description, as for {@link NewKey#describedAs}; empty to remove it
     * @return the change; replaces any earlier description
     * @throws IllegalArgumentException if the text is blank but not empty, too long, or has control characters
     */
    public KeyChange describe(String to) {
        if (!to.isEmpty()) {
            Text.require("description", to, NewKey.MAX_DESCRIPTION_LENGTH);
        }
        return with(copy -> {
            copy.changesDescription = true;
            copy.description = to.isEmpty() ? null : to;
        });
    }

    /**
     * Replaces all attributes of the key.
     *
     * @param to the attributes; {@link KeyAttributes#NONE} to remove all
     * @return the change; replaces any earlier attributes
     */
    public KeyChange attributes(KeyAttributes to) {
        return with(copy -> copy.attributes = Objects.requireNonNull(to));
    }

    /** {@return whether nothing changes} */
    public boolean isEmpty() {
        return name == null && scopes == null && !changesOwner && !changesDescription && attributes == null;
    }

    /** {@return the version that the key must still have} */
    public long version() {
        return version;
    }

    /** {@return the new name; empty if it does not change} */
    public Optional<KeyName> name() {
        return Optional.ofNullable(name);
    }

    /**
     * Applies the change to the owner.
     *
     * @param before the present owner; empty if there is none
     * @return the new owner; empty if there is none
     */
    public Optional<KeyOwner> ownerAfter(Optional<KeyOwner> before) {
        return changesOwner ? Optional.ofNullable(owner) : before;
    }

    /**
     * Applies the change to the description.
     *
     * @param before the present description; empty if there is none
     * @return the new description; empty if there is none
     */
    public Optional<String> descriptionAfter(Optional<String> before) {
        return changesDescription ? Optional.ofNullable(description) : before;
    }

    /** {@return the new attributes; empty if they do not change} */
    public Optional<KeyAttributes> attributes() {
        return Optional.ofNullable(attributes);
    }

    /** {@return the new scopes; empty if they do not change} */
    public Optional<Scopes> scopes() {
        return Optional.ofNullable(scopes);
    }
}
