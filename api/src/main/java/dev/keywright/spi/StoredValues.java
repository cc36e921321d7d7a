package dev.keywright.spi;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.UserId;
import dev.keywright.internal.ValueAccess;
import dev.keywright.management.Job;

/**
 * Creates keys and actors from the columns of a store. For stores and their tests only: an application receives these
 * values from the library. That restriction is a convention, since any store may be third-party code.
 */
public final class StoredValues {

    private StoredValues() {}

    /** {@return a builder in which every mandatory part is unset, and the version is 1} */
    public static ApiKey.Builder keyBuilder() {
        return ValueAccess.get().keyBuilder();
    }

    /**
     * Starts from an existing key.
     *
     * @param key the key
     * @return a builder with all parts of the key
     */
    public static ApiKey.Builder keyBuilder(ApiKey key) {
        return ValueAccess.get().keyBuilder(key);
    }

    /**
     * Creates an actor without the rules for new names, which {@link UserId} and {@link Job} apply: a stored actor stays
     * readable after the rules have changed.
     *
     * @param kind the kind
     * @param name the name
     * @return the actor
     * @throws IllegalArgumentException if the name is empty
     */
    public static Actor actor(Actor.Kind kind, String name) {
        return ValueAccess.get().actor(kind, name);
    }

    /** {@return the actor that stands for the holder of a key's text} */
    public static Actor holder() {
        return actor(Actor.Kind.HOLDER, "holder");
    }
}
