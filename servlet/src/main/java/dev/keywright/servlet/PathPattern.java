package dev.keywright.servlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Path pattern of literal segments and placeholders. A placeholder matches exactly one non-empty segment; a trailing slash is
 * significant. Two patterns are equal if they match the same paths.
 *
 * @param segments the literals in order, {@link #ANY} for a placeholder, and {@link #TRAILING_SLASH} at the end if there is one
 */
record PathPattern(List<String> segments) {

    /** Distinct from all literals, which have no braces. */
    private static final String ANY = "{}";

    /** The empty segment after a trailing slash. */
    private static final String TRAILING_SLASH = "";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]*}");
    // The excluded characters have a meaning in URLs or in other pattern languages, and would match no path here.
    private static final Pattern LITERAL = Pattern.compile("(?!\\.{1,2}$)[^\\\\;%?#*{}\\p{Cc}\\p{Cs}]+");

    static PathPattern of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path pattern must begin with a slash, was " + text);
        }
        boolean trailingSlash = text.endsWith("/");
        List<String> segments = new ArrayList<>();
        for (String segment : segmentsOf(trailingSlash ? text.substring(0, text.length() - 1) : text)) {
            segments.add(segment(segment, text));
        }
        if (trailingSlash) {
            segments.add(TRAILING_SLASH);
        }
        return new PathPattern(List.copyOf(segments));
    }

    /** {@return whether a decoded path matches, case-sensitively} */
    boolean matches(String path) {
        return matches(segmentsOf(path));
    }

    /** {@return whether a decoded path with these {@linkplain #segmentsOf segments} matches} */
    boolean matches(List<String> actual) {
        if (actual.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < actual.size(); i++) {
            String expected = segments.get(i);
            boolean matches = expected.equals(ANY) ? !actual.get(i).isEmpty() : expected.equals(actual.get(i));
            if (!matches) {
                return false;
            }
        }
        return true;
    }

    /** {@return the segment of a matching path at the first placeholder; empty if there is no placeholder} */
    Optional<String> placeholderValue(String path) {
        int index = segments.indexOf(ANY);
        return index < 0 ? Optional.empty() : Optional.of(segmentsOf(path).get(index));
    }

    /**
     * Returns whether a filter with this URL mapping is called for any path that matches.
     *
     * @param mapping a URL pattern of the container (Jakarta Servlet 6.0, section 12.2)
     */
    boolean isReachableFrom(String mapping) {
        if (mapping.startsWith("*.")) {
            String last = segments.get(segments.size() - 1);
            return last.equals(ANY) || last.endsWith(mapping.substring(1));
        }
        if (mapping.equals("/*") || mapping.equals("/")) {
            return true;
        }
        boolean prefix = mapping.endsWith("/*");
        List<String> mapped = segmentsOf(prefix ? mapping.substring(0, mapping.length() - 2) : mapping);
        if (mapped.isEmpty()) {
            // The mapping "" is the context root, whose path is a slash.
            return segments.equals(List.of(TRAILING_SLASH));
        }
        if (prefix ? mapped.size() > segments.size() : mapped.size() != segments.size()) {
            return false;
        }
        List<String> start = segments.subList(0, mapped.size());
        return new PathPattern(start).intersect(new PathPattern(mapped)).isPresent();
    }

    /** {@return the pattern of the paths that both patterns match; empty if there are none} */
    Optional<PathPattern> intersect(PathPattern other) {
        if (segments.size() != other.segments.size()) {
            return Optional.empty();
        }
        List<String> intersection = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            String left = segments.get(i);
            String right = other.segments.get(i);
            if (!left.equals(right) && !covers(left, right) && !covers(right, left)) {
                return Optional.empty();
            }
            intersection.add(left.equals(ANY) ? right : left);
        }
        return Optional.of(new PathPattern(intersection));
    }

    private static boolean covers(String segment, String literal) {
        return segment.equals(ANY) && !literal.equals(TRAILING_SLASH);
    }

    /** {@return the pattern in the form that {@link #of} parses; placeholders lose their names} */
    @Override
    public String toString() {
        return segments.stream()
                .map(segment -> segment.equals(ANY) ? "{any}" : segment)
                .collect(Collectors.joining("/", "/", ""));
    }

    /** {@return a sort key: of two patterns that match the same path, the one with the first literal comes first} */
    String precedence() {
        return segments.stream().map(segment -> segment.equals(ANY) ? "1" : "0").collect(Collectors.joining());
    }

    private static String segment(String segment, String pattern) {
        if (PLACEHOLDER.matcher(segment).matches()) {
            return ANY;
        }
        if (!LITERAL.matcher(segment).matches()) {
            throw new IllegalArgumentException(
                    "a path pattern must consist of literal segments and {names}, was " + pattern);
        }
        return segment;
    }

    /** {@return the segments of a path; none for the asterisk form of OPTIONS} */
    static List<String> segmentsOf(String path) {
        return path.startsWith("/") ? Arrays.asList(path.substring(1).split("/", -1)) : List.of();
    }
}
