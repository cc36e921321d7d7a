package dev.keywright.servlet;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Tells paths that everybody reads alike from those that a container, a proxy and an application may each read in their own
 * way. {@code /api;x=1/people}, {@code /api%2fpeople} and {@code //api/people} have slipped past the filters of others.
 */
final class RawPath {

    private RawPath() {}

    /** {@return whether a path, as the client has sent it, has one meaning only} */
    static boolean isPlain(String raw) {
        String path = raw.toLowerCase(Locale.ROOT);
        boolean ambiguous =
                Stream.of(";", "//", "\\", "%2f", "%5c", "%3b", "%00", "%25").anyMatch(path::contains);
        boolean dots = Arrays.stream(path.replace("%2e", ".").split("/", -1))
                .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
        return !ambiguous && !dots;
    }
}
