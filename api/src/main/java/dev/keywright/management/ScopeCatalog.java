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

/** The scopes that a back end offers, each with what it grants in a person's words. Keeps its order. */
public final class ScopeCatalog {

    private final Map<Scope, String> sentences;

    private ScopeCatalog(Map<Scope, String> sentences) {
        this.sentences = Collections.unmodifiableMap(sentences);
    }

    /**
     * A catalog of one scope; {@link #and} adds further ones.
     *
     * @param scope as {@link Scope#of} takes it
     * @param grants what it lets a key do, in a person's words, for example {@code list and get people}
     * @return the catalog
     * @throws IllegalArgumentException if the scope is malformed, or the words are blank, or longer than 200 characters
     */
    public static ScopeCatalog of(String scope, String grants) {
        return new ScopeCatalog(new LinkedHashMap<>()).and(scope, grants);
    }

    /**
     * This catalog and one scope more.
     *
     * @param scope as {@link Scope#of} takes it
     * @param grants what it lets a key do, in a person's words
     * @return a new catalog; this one stays as it is
     * @throws IllegalArgumentException if the scope is malformed or is here already, or the words are blank or longer than 200 characters
     */
    public ScopeCatalog and(String scope, String grants) {
        Text.require("what a scope grants", grants, 200);
        Map<Scope, String> more = new LinkedHashMap<>(sentences);
        if (more.put(Scope.of(scope), grants) != null) {
            throw new IllegalArgumentException("the scope " + scope + " is in the catalog already");
        }
        return new ScopeCatalog(more);
    }

    /** {@return the scopes, in the order in which they were added} */
    public List<Scope> scopes() {
        return List.copyOf(sentences.keySet());
    }

    /**
     * What a scope grants.
     *
     * @param scope the scope
     * @return the person's words for it; empty where it is not offered
     */
    public Optional<String> grants(Scope scope) {
        return Optional.ofNullable(sentences.get(scope));
    }

    /**
     * Refuses scopes that are not offered.
     *
     * @param asked what somebody wants a key to have
     * @throws InvalidRequestException for the field {@code scopes}, naming what is offered, if one of them is not
     */
    public void requireOffered(Scopes asked) {
        if (!sentences.keySet().containsAll(asked.asList())) {
            throw new InvalidRequestException(InvalidRequestException.Field.SCOPES, "must be chosen from " + this);
        }
    }

    /** {@return the scopes, with commas between them} */
    @Override
    public String toString() {
        return sentences.keySet().stream().map(Scope::value).collect(Collectors.joining(", "));
    }
}
