package dev.keywright.management;

import dev.keywright.InvalidRequestException;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.internal.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The scopes that a host offers, each with a description for people, in a fixed order. Immutable. */
public final class ScopeCatalog {

    private final Map<Scope, String> descriptions;

    private ScopeCatalog(Map<Scope, String> descriptions) {
        this.descriptions = Collections.unmodifiableMap(descriptions);
    }

    /**
     * Creates a catalog of one scope; {@link #and} adds others.
     *
     * @param scope the scope, as for {@link Scope#of}
     * @param grants the description for people, for example {@code list and get people}
     * @return the catalog
     * @throws IllegalArgumentException if the scope is malformed, or the description is blank or longer than 200 characters
     */
    public static ScopeCatalog of(String scope, String grants) {
        return new ScopeCatalog(new LinkedHashMap<>()).and(scope, grants);
    }

    /**
     * Adds a scope.
     *
     * @param scope the scope, as for {@link Scope#of}
     * @param grants the description for people
     * @return a new catalog
     * @throws IllegalArgumentException if the scope is malformed or is in the catalog already, or the description is
     *     blank or longer than 200 characters
     */
    public ScopeCatalog and(String scope, String grants) {
        Text.require("the description of a scope", grants, 200);
        Map<Scope, String> more = new LinkedHashMap<>(descriptions);
        if (more.put(Scope.of(scope), grants) != null) {
            throw new IllegalArgumentException("the scope " + scope + " is in the catalog already");
        }
        return new ScopeCatalog(more);
    }

    /** {@return the scopes, in the order of addition} */
    public List<Scope> scopes() {
        return List.copyOf(descriptions.keySet());
    }

    /**
     * Returns the description of a scope.
     *
     * @param scope the scope
     * @return the description for people; empty if the scope is not offered
     */
    public Optional<String> grants(Scope scope) {
        return Optional.ofNullable(descriptions.get(scope));
    }

    /**
     * Throws if a scope is not offered.
     *
     * @param requested the requested scopes
     * @throws InvalidRequestException for the field {@code scopes}, if one is not offered; the message lists the offered scopes
     */
    public void requireOffered(Scopes requested) {
        if (!descriptions.keySet().containsAll(requested.asList())) {
            throw new InvalidRequestException(InvalidRequestException.Field.SCOPES, "must be chosen from " + this);
        }
    }

    /** {@return the scopes, separated by commas} */
    @Override
    public String toString() {
        return descriptions.keySet().stream().map(Scope::value).collect(Collectors.joining(", "));
    }
}
