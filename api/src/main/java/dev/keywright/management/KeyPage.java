package dev.keywright.management;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param <T> the element type
 * @param items the elements, in order
 * @param next the cursor of the next page; empty on the last page
 */
public record KeyPage<T>(List<T> items, Optional<PageCursor> next) {

    /**
     * Copies the list.
     *
     * @param items the elements
     * @param next the cursor of the next page
     */
    public KeyPage {
        items = List.copyOf(items);
        Objects.requireNonNull(next);
    }
}
