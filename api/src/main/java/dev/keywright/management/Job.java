package dev.keywright.management;

import dev.keywright.internal.Text;
import java.io.Serializable;

/**
 * The name of host code that manages keys without a person, such as a migration or a scheduled task.
 *
 * @param name 1 to 128 characters, not blank, without control characters
 */
public record Job(String name) implements Serializable {

    private static final int MAX_LENGTH = 128;

    /**
     * Checks the name.
     *
     * @param name the name
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters or lone surrogates
     */
    public Job {
        Text.require("the name of a job", name, MAX_LENGTH);
    }
}
