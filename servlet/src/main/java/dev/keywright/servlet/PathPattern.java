package dev.keywright.servlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path of literal segments and of placeholders, each of which stands for exactly one segment that is not empty. A slash at the
 * end is matched by a slash at the end alone. Two patterns are equal if they match the same paths.
 *
 * @param segments the literals in their order, with {@link #ANY} for each placeholder; after a slash at the end, an empty text
 */
record PathPattern(List<String> segments) {

    /** No literal has braces. */
    private static final String ANY = "{}";

    /** What follows a slash at the end of a path. */
    private static final String NOTHING = "";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]*}");
    // What is left out has a meaning in URLs or in other people's patterns, and could match nothing here.
    private static final Pattern LITERAL = Pattern.compile("(?!\\.{1,2}$)[^\\\\;%?#*{}\\p{Cc}\\p{Cs}]+");

    static PathPattern of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path pattern begins with a slash: " + text);
        }
        boolean slashAtTheEnd = text.endsWith("/");
        List<String> segments = new ArrayList<>();
        for (String segment : segmentsOf(slashAtTheEnd ? text.substring(0, text.length() - 1) : text)) {
            segments.add(segment(segment, text));
        }
        if (slashAtTheEnd) {
            segments.add(NOTHING);
        }
        return new PathPattern(List.copyOf(segments));
    }

    /** {@return whether a decoded path is one of these, to the letter} */
    boolean matches(String path) {
        return matches(segmentsOf(path));
    }

    /** {@return whether a decoded path is one of these, by its {@linkplain #segmentsOf segments}} */
    boolean matches(List<String> actual) {
        if (actual.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < actual.size(); i++) {
            String wanted = segments.get(i);
            boolean fits = wanted.equals(ANY) ? !actual.get(i).isEmpty() : wanted.equals(actual.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** {@return what a path that matches has in place of the first placeholder; empty where there is none} */
    Optional<String> valueIn(String path) {
        int place = segments.indexOf(ANY);
        return place < 0 ? Optional.empty() : Optional.of(segmentsOf(path).get(place));
    }

    /**
     * {@return whether a filter that is mapped so (Jakarta Servlet 6.0, section 12.2) sees any of these paths}
     *
     * @param mapping a pattern of the container's
     */
    boolean canBeSeenFrom(String mapping) {
        if (mapping.startsWith("*.")) {
            String last = segments.get(segments.size() - 1);
            return last.equals(ANY) || last.endsWith(mapping.substring(1));
        }
        if (mapping.equals("/*") || mapping.equals("/")) {
            return true;
        }
        boolean below = mapping.endsWith("/*");
        List<String> mapped = segmentsOf(below ? mapping.substring(0, mapping.length() - 2) : mapping);
        if (mapped.isEmpty()) {
            // The mapping "" is that of the root of the context, whose path is a slash.
            return segments.equals(List.of(NOTHING));
        }
        if (below ? mapped.size() > segments.size() : mapped.size() != segments.size()) {
            return false;
        }
        List<String> start = segments.subList(0, mapped.size());
        return new PathPattern(start).meet(new PathPattern(mapped)).isPresent();
    }

    /** {@return what matches the paths that this and another pattern both match; empty where there are none} */
    Optional<PathPattern> meet(PathPattern other) {
        if (segments.size() != other.segments.size()) {
            return Optional.empty();
        }
        List<String> both = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            String mine = segments.get(i);
            String others = other.segments.get(i);
            if (!mine.equals(others) && !isAnyFor(mine, others) && !isAnyFor(others, mine)) {
                return Optional.empty();
            }
            both.add(mine.equals(ANY) ? others : mine);
        }
        return Optional.of(new PathPattern(both));
    }

    private static boolean isAnyFor(String placeholder, String literal) {
        return placeholder.equals(ANY) && !literal.equals(NOTHING);
    }

    /** {@return the pattern as it may be written} */
    @Override
    public String toString() {
        return segments.stream()
                .map(segment -> segment.equals(ANY) ? "{any}" : segment)
                .collect(Collectors.joining("/", "/", ""));
    }

    /** {@return what puts patterns in order: where two match the same path, the one with the earlier literal comes first} */
    String precedence() {
        return segments.stream().map(segment -> segment.equals(ANY) ? "1" : "0").collect(Collectors.joining());
    }

    private static String segment(String segment, String pattern) {
        if (PLACEHOLDER.matcher(segment).matches()) {
            return ANY;
        }
        if (!LITERAL.matcher(segment).matches()) {
            throw new IllegalArgumentException(
                    "a path pattern must consist of literal segments and {names}: " + pattern);
        }
        return segment;
    }

    /** {@return the segments of a path; none where there is no path: OPTIONS may be asked of the whole server} */
    static List<String> segmentsOf(String path) {
        return path.startsWith("/") ? Arrays.asList(path.substring(1).split("/", -1)) : List.of();
    }
}
