package dev.keywright.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keywright.KeyName;
import dev.keywright.management.KeyQuery;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Position of a key in a list of its tenant: the value by which the list is {@linkplain KeyQuery.Order ordered}, then the revision of
 * the insert. Keys without a value, which were never used or do not expire, come after all others. No two keys of a list have the
 * same position. Immutable.
 */
public final class ListPosition {

    private static final Comparator<ListPosition> ASCENDING = Comparator.<ListPosition, @Nullable Instant>comparing(
                    position -> position.time, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(position -> position.nameBytes(), Arrays::compareUnsigned)
            .thenComparing(position -> position.insertRevision);

    private final @Nullable Instant time;
    private final @Nullable String name;
    private final long insertRevision;

    private ListPosition(@Nullable Instant time, @Nullable String name, long insertRevision) {
        this.time = time;
        this.name = name;
        this.insertRevision = insertRevision;
    }

    /**
     * Creates a position in a list that is ordered by a time.
     *
     * @param time the value of the order, in whole milliseconds
     * @param insertRevision the revision of the insert
     * @return the position
     */
    public static ListPosition at(Instant time, long insertRevision) {
        return new ListPosition(Objects.requireNonNull(time), null, insertRevision);
    }

    /**
     * Creates a position in a list that is ordered by name.
     *
     * @param name the {@linkplain KeyName#folded folded} name
     * @param insertRevision the revision of the insert
     * @return the position
     */
    public static ListPosition at(String name, long insertRevision) {
        return new ListPosition(null, Objects.requireNonNull(name), insertRevision);
    }

    /**
     * Creates the position of a key without a value of the order.
     *
     * @param insertRevision the revision of the insert
     * @return the position
     */
    public static ListPosition withoutValue(long insertRevision) {
        return new ListPosition(null, null, insertRevision);
    }

    /**
     * Returns the order of positions. Times are compared as numbers, names by their bytes in UTF-8, without a collation.
     *
     * @param descending whether later times, names and revisions come first; keys without a value come last in both directions
     * @return the order
     */
    public static Comparator<ListPosition> inOrder(boolean descending) {
        return Comparator.comparing((ListPosition position) -> !position.hasValue())
                .thenComparing(descending ? ASCENDING.reversed() : ASCENDING);
    }

    /** {@return whether the key has a value of the order} */
    public boolean hasValue() {
        return time != null || name != null;
    }

    /** {@return the time; empty if the list is ordered by name, or the key has no value} */
    public Optional<Instant> time() {
        return Optional.ofNullable(time);
    }

    /** {@return the folded name; empty if the list is ordered by a time} */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** {@return the revision of the insert} */
    public long insertRevision() {
        return insertRevision;
    }

    private byte[] nameBytes() {
        return name == null ? new byte[0] : name.getBytes(UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListPosition that
                && Objects.equals(time, that.time)
                && Objects.equals(name, that.name)
                && insertRevision == that.insertRevision;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(insertRevision);
    }

    /** {@return the time, if any, and the revision; not the name, which is untrusted text} */
    @Override
    public String toString() {
        return "ListPosition[" + (time == null ? "" : time + ", ") + "revision " + insertRevision + "]";
    }
}
