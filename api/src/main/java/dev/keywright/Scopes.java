package dev.keywright;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The scopes of a key: at least one {@link Scope}, without duplicates, in the order of the request.
 *
 * <p>Equality includes the order. Serializable; deserialization applies the rules of {@link #of(Collection)}.
 */
public final class Scopes implements Iterable<Scope>, Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_SCOPES = 100;

    @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
    private final List<Scope> list;

    private final transient Set<Scope> members;

    private Scopes(List<Scope> list) {
        this.list = list;
        this.members = Set.copyOf(list);
        if (list.isEmpty()) {
            throw new IllegalArgumentException("scopes must have at least one scope");
        }
        if (members.size() < list.size()) {
            throw new IllegalArgumentException("scopes must not have a scope twice");
        }
    }

    /**
     * Creates scopes.
     *
     * @param scopes the scopes, each as for {@link Scope#of}
     * @return the scopes, in this order
     * @throws IllegalArgumentException if there is none, more than 100, one twice, or one malformed
     */
    public static Scopes of(String... scopes) {
        return of(Arrays.stream(scopes).map(Scope::of).toList());
    }

    /**
     * Creates scopes.
     *
     * @param scopes the scopes
     * @return the scopes, in the order of the collection
     * @throws IllegalArgumentException if there is none, more than 100, or one twice
     */
    public static Scopes of(Collection<Scope> scopes) {
        if (scopes.size() > MAX_SCOPES) {
            throw new IllegalArgumentException("scopes must have at most " + MAX_SCOPES + " scopes");
        }
        return new Scopes(List.copyOf(scopes));
    }

    /**
     * Creates the scopes of a stored key, in any number: a key stays readable after the limit has changed.
     *
     * @param scopes the scopes
     * @return the scopes, in the order of the collection
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public static Scopes stored(Collection<Scope> scopes) {
        return new Scopes(List.copyOf(scopes));
    }

    /**
     * Tests whether a scope is included. Scopes are compared exactly.
     *
     * @param scope the scope
     * @return whether it is included
     */
    public boolean contains(Scope scope) {
        return members.contains(scope);
    }

    /** {@return the scopes as an immutable list} */
    public List<Scope> asList() {
        return list;
    }

    @Serial
    private Object readResolve() {
        return of(list);
    }

    @Override
    public Iterator<Scope> iterator() {
        return list.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scopes that && list.equals(that.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    /** {@return the scopes separated by spaces, as in RFC 6749, section 3.3} */
    @Override
    public String toString() {
        return list.stream().map(Scope::value).collect(Collectors.joining(" "));
    }
}
