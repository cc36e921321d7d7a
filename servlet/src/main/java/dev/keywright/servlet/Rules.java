package dev.keywright.servlet;

import dev.keywright.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one table that says which scope opens what to API keys. What it does not name stays closed, so that a path which
 * somebody forgets is a path that no key can use.
 */
final class Rules {

    static final Rules NONE = new Rules(List.of());

    private static final Pattern METHOD = Pattern.compile("[A-Z]+(-[A-Z]+)*");

    private final List<Rule> inOrder;

    private Rules(List<Rule> inOrder) {
        this.inOrder = inOrder;
    }

    private record Rule(String method, PathPattern pattern, Scope scope) {

        /** Whether they say different things of the same path; another rule may yet stand before both. */
        boolean contradicts(Rule other) {
            return method.equals(other.method)
                    && !scope.equals(other.scope)
                    && pattern.meet(other.pattern).isPresent();
        }

        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }

    Rules and(String method, String pattern, Scope scope) {
        if (!METHOD.matcher(method).matches() || method.equals("HEAD")) {
            throw new IllegalArgumentException("a rule names a method in capital letters, and GET where it means HEAD");
        }
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            // The one has no path, and the other must carry no key (RFC 9110, sections 9.3.6 and 9.3.8).
            throw new IllegalArgumentException("no request with a key is a " + method);
        }
        Rule added = new Rule(method, PathPattern.of(pattern), scope);
        for (Rule rule : inOrder) {
            if (rule.method.equals(method) && rule.pattern.equals(added.pattern)) {
                throw new IllegalArgumentException("there is a rule for " + method + " " + pattern + " already");
            }
        }
        List<Rule> more = new ArrayList<>(inOrder);
        more.add(added);
        more.sort(Comparator.comparing(rule -> rule.pattern.precedence()));
        return new Rules(List.copyOf(more));
    }

    /**
     * {@return what is wrong with the table as a whole, as a sentence; empty where nothing is}
     *
     * @param mappings what the filter is mapped to; empty where that is not known
     */
    Optional<String> fault(Collection<String> mappings) {
        for (Rule rule : inOrder) {
            if (!mappings.isEmpty() && mappings.stream().noneMatch(rule.pattern::canBeSeenFrom)) {
                return Optional.of("the rule for " + rule + " can never match: the filter is mapped to " + mappings);
            }
            for (Rule other : inOrder) {
                if (rule.contradicts(other) && !isSettled(rule, other)) {
                    return Optional.of("the rules for " + rule + " and " + other + " match the same paths and need two"
                            + " scopes: a third rule must settle "
                            + rule.pattern.meet(other.pattern).orElseThrow());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isSettled(Rule one, Rule other) {
        Optional<PathPattern> both = one.pattern.meet(other.pattern);
        return inOrder.stream()
                .anyMatch(rule -> rule.method.equals(one.method)
                        && Optional.of(rule.pattern).equals(both));
    }

    /** {@return the scope that a key needs for what is asked; empty where none would do} */
    Optional<Scope> scopeFor(HttpServletRequest request) {
        // The container's own decoded path: what the application behind is chosen by, and no second opinion.
        String info = request.getPathInfo();
        String path = info == null ? request.getServletPath() : request.getServletPath() + info;
        if (!RawPath.isPlain(request.getRequestURI(), path)) {
            return Optional.empty();
        }
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        List<String> segments = PathPattern.segmentsOf(path);
        for (Rule rule : inOrder) {
            if (rule.method.equals(method) && rule.pattern.matches(segments)) {
                return Optional.of(rule.scope);
            }
        }
        return Optional.empty();
    }
}
