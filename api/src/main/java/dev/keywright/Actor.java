package dev.keywright;

import dev.keywright.management.Job;
import java.io.Serializable;
import java.util.Objects;

/**
 * Who did something to a key.
 *
 * @param kind what they are
 * @param name the id of a person, the name of a job; {@code holder} for whoever held the key
 */
public record Actor(Kind kind, String name) implements Serializable {

    /** What acts. */
    public enum Kind {
        /** A signed-in person. */
        PERSON,
        /** Code of the host, with no person behind it. */
        JOB,
        /** Whoever held the text of the key itself. */
        HOLDER
    }

    /**
     * Takes the parts as a store has read them, without rules for the name: {@link UserId} and {@link Job} have these.
     *
     * @param kind what they are
     * @param name the name
     * @throws IllegalArgumentException if the name is empty
     */
    public Actor {
        Objects.requireNonNull(kind);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of an actor must not be empty");
        }
    }

    /**
     * A person.
     *
     * @param user who
     * @return the actor
     */
    public static Actor person(UserId user) {
        return new Actor(Kind.PERSON, user.value());
    }

    /**
     * A job.
     *
     * @param job which
     * @return the actor
     */
    public static Actor job(Job job) {
        return new Actor(Kind.JOB, job.name());
    }

    /** {@return whoever held the text of the key} */
    public static Actor holder() {
        return new Actor(Kind.HOLDER, "holder");
    }

    /** {@return the kind in small letters, a colon and the name, for logs} */
    @Override
    public String toString() {
        return switch (kind) {
            case PERSON -> "person:" + name;
            case JOB -> "job:" + name;
            case HOLDER -> "holder";
        };
    }
}
