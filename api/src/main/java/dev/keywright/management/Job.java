package dev.keywright.management;

import dev.keywright.internal.Text;
import java.io.Serializable;

/**
 * What acts where there is no person: a migration, a scheduled task, a script of the operators.
 *
 * @param name 1 to 128 characters, not blank, without control characters
 */
public record Job(String name) implements Serializable {

    private static final int LONGEST = 128;

    /**
     * Checks the name.
     *
     * @param name the name
     * @throws IllegalArgumentException if the name is blank, too long, or has control characters or lone surrogates
     */
    public Job {
        Text.require("the name of a job", name, LONGEST);
    }
}
