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
 * What a key may do: at least one {@link Scope}, none of them twice, in the order in which they were asked for.
 *
 * <p>Equal to another one that has the same scopes in the same order. Serializable; what is read is checked as what is made.
 */
public final class Scopes implements Iterable<Scope>, Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_SCOPES = 100;

    @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
    private final List<Scope> inOrder;

    private final transient Set<Scope> members;

    private Scopes(List<Scope> inOrder) {
        this.inOrder = inOrder;
        this.members = Set.copyOf(inOrder);
        if (inOrder.isEmpty()) {
            throw new IllegalArgumentException("scopes must have at least one scope");
        }
        if (members.size() < inOrder.size()) {
            throw new IllegalArgumentException("scopes must not have a scope twice");
        }
    }

    /**
     * Makes scopes of texts.
     *
     * @param scopes each as {@link Scope#of} takes it
     * @return the scopes, in this order
     * @throws IllegalArgumentException if there is none, more than 100, one twice, or one malformed
     */
    public static Scopes of(String... scopes) {
        return of(Arrays.stream(scopes).map(Scope::of).toList());
    }

    /**
     * Gathers scopes.
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
     * Gathers scopes of a stored key, however many they are: a key stays readable after the limit has changed.
     *
     * @param scopes the scopes
     * @return the scopes, in the order of the collection
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public static Scopes stored(Collection<Scope> scopes) {
        return new Scopes(List.copyOf(scopes));
    }

    /**
     * Whether a scope is among these, exactly.
     *
     * @param scope what to look for
     * @return whether it is here
     */
    public boolean contains(Scope scope) {
        return members.contains(scope);
    }

    /** {@return the scopes in their order, as an immutable list} */
    public List<Scope> asList() {
        return inOrder;
    }

    @Serial
    private Object readResolve() {
        return of(inOrder);
    }

    @Override
    public Iterator<Scope> iterator() {
        return inOrder.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scopes that && inOrder.equals(that.inOrder);
    }

    @Override
    public int hashCode() {
        return inOrder.hashCode();
    }

    /** {@return the scopes with blanks between them, as RFC 6749 writes them} */
    @Override
    public String toString() {
        return inOrder.stream().map(Scope::value).collect(Collectors.joining(" "));
    }
}
