package dev.keywright;

import dev.keywright.management.Job;
import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;

/** The person, job or key holder that changed a key. Immutable. */
public final class Actor implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Kinds of actors. */
    public enum Kind {
        /** A signed-in person. */
        PERSON,
        /** Code of the host, without a person behind it. */
        JOB,
        /** The holder of the key's text. */
        HOLDER
    }

    private final Kind kind;
    private final String name;

    /** Takes a stored name: {@link UserId} and {@link Job} apply the rules for new ones. */
    Actor(Kind kind, String name) {
        this.kind = Objects.requireNonNull(kind);
        this.name = name;
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of an actor must not be empty");
        }
    }

    /**
     * Returns the actor for a person.
     *
     * @param user the person
     * @return the actor
     */
    public static Actor person(UserId user) {
        return new Actor(Kind.PERSON, user.value());
    }

    /**
     * Returns the actor for a job.
     *
     * @param job the job
     * @return the actor
     */
    public static Actor job(Job job) {
        return new Actor(Kind.JOB, job.name());
    }

    /** Applies the constructor's rules to a deserialized actor. */
    @Serial
    private Object readResolve() {
        return new Actor(kind, name);
    }

    /** {@return the kind} */
    public Kind kind() {
        return kind;
    }

    /** {@return the id of a person, the name of a job, or {@code holder}} */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Actor that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** {@return the kind in lower case, a colon and the name, for logs; {@code holder} for the holder} */
    @Override
    public String toString() {
        return switch (kind) {
            case PERSON -> "person:" + name;
            case JOB -> "job:" + name;
            case HOLDER -> "holder";
        };
    }
}
