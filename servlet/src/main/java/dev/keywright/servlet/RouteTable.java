package dev.keywright.servlet;

import dev.keywright.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one table that says which scope opens what to API keys. What it does not name stays closed, so that a path which
 * somebody forgets is a path that no key can use.
 */
final class RouteTable {

    static final RouteTable NONE = new RouteTable(List.of());

    /**
     * The methods of the IANA registry, without those that no rule is for: {@code GET} covers {@code HEAD}; {@code CONNECT} has no
     * path, and {@code TRACE} must carry no key (RFC 9110, sections 9.3.6 and 9.3.8).
     */
    private static final Set<String> METHODS = Set.of(
            "ACL",
            "BASELINE-CONTROL",
            "BIND",
            "CHECKIN",
            "CHECKOUT",
            "COPY",
            "DELETE",
            "GET",
            "LABEL",
            "LINK",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MKREDIRECTREF",
            "MKWORKSPACE",
            "MOVE",
            "OPTIONS",
            "ORDERPATCH",
            "PATCH",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "QUERY",
            "REBIND",
            "REPORT",
            "SEARCH",
            "UNBIND",
            "UNCHECKOUT",
            "UNLINK",
            "UNLOCK",
            "UPDATE",
            "UPDATEREDIRECTREF",
            "VERSION-CONTROL");

    private final List<Rule> inOrder;

    private RouteTable(List<Rule> inOrder) {
        this.inOrder = inOrder;
    }

    /** A rule, with the pattern as the host has written it, too. */
    private record Rule(String method, PathPattern pattern, String written, Scope scope) {

        /** {@return what both are for, if they say different things of it; another rule may yet stand before both} */
        Optional<PathPattern> contradiction(Rule other) {
            return method.equals(other.method) && !scope.equals(other.scope)
                    ? pattern.meet(other.pattern)
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return method + " " + written;
        }
    }

    RouteTable and(String method, String pattern, Scope scope) {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException(
                    "the method of a rule must be a registered one in capital letters, such as GET"
                            + " (which covers HEAD), POST, PUT, PATCH or DELETE, and not CONNECT or TRACE; was "
                            + method);
        }
        Rule added = new Rule(method, PathPattern.of(pattern), pattern, scope);
        for (Rule rule : inOrder) {
            if (rule.method.equals(method) && rule.pattern.equals(added.pattern)) {
                throw new IllegalArgumentException("there is a rule for " + method + " " + pattern + " already");
            }
        }
        List<Rule> more = new ArrayList<>(inOrder);
        more.add(added);
        more.sort(Comparator.comparing(rule -> rule.pattern.precedence()));
        return new RouteTable(List.copyOf(more));
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
                Optional<PathPattern> both = rule.contradiction(other).filter(paths -> !isSettled(rule.method, paths));
                if (both.isPresent()) {
                    return Optional.of("the rules for " + rule + " and " + other + " match the same paths and need two"
                            + " scopes: a third rule must settle " + both.get());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isSettled(String method, PathPattern paths) {
        return inOrder.stream().anyMatch(rule -> rule.method.equals(method) && rule.pattern.equals(paths));
    }

    /** {@return the scope that a key needs for what is asked; empty where none would do} */
    Optional<Scope> scopeFor(HttpServletRequest request) {
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        return RequestPath.of(request).path().flatMap(path -> scopeFor(method, PathPattern.segmentsOf(path)));
    }

    private Optional<Scope> scopeFor(String method, List<String> segments) {
        for (Rule rule : inOrder) {
            if (rule.method.equals(method) && rule.pattern.matches(segments)) {
                return Optional.of(rule.scope);
            }
        }
        return Optional.empty();
    }
}
