package dev.keywright.management;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param <T> what is listed
 * @param items what is on it, in order
 * @param next where the next page begins; empty where this is the last
 */
public record KeyPage<T>(List<T> items, Optional<PageCursor> next) {

    /**
     * Takes the parts, and a copy of the list.
     *
     * @param items what is on it
     * @param next where the next page begins
     */
    public KeyPage {
        items = List.copyOf(items);
        Objects.requireNonNull(next);
    }
}
