package dev.keywright.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What makes the schema of a database.
 *
 * @param folder where the files are in the jar
 * @param versions the statements of each file, from the first version on
 */
record SchemaFiles(String folder, List<List<String>> versions) {

    /** One file for each version, from the first on. */
    private static final List<String> NAMES = List.of("V1__keywright.sql");

    static SchemaFiles of(Dialect dialect) {
        return new SchemaFiles(
                dialect.folder(),
                NAMES.stream()
                        .map(name -> statements(dialect.folder() + "/" + name))
                        .toList());
    }

    /** The version that all of them together make. */
    int version() {
        return versions.size();
    }

    /** What leads on from a version. */
    List<String> after(int version) {
        return versions.stream().skip(version).flatMap(List::stream).toList();
    }

    /** Whether what leads on from a version adds a column to a table. */
    boolean adds(String table, String column, int version) {
        Pattern addition =
                Pattern.compile("ALTER TABLE " + table + "\\s+ADD COLUMN (IF NOT EXISTS )?" + column + "\\s");
        return after(version).stream()
                .anyMatch(statement -> addition.matcher(statement).lookingAt());
    }

    /** The statements of a file, which has no semicolon in a text or a comment, and no comment behind a statement's words. */
    static List<String> statements(String file) {
        String withoutComments = read(file).replaceAll("(?m)^\\s*--.*$", "");
        return Arrays.stream(withoutComments.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(String file) {
        try (InputStream in = SchemaFiles.class.getResourceAsStream("/" + file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + file + " of keywright-jdbc-store is missing: keep META-INF/keywright/"
                                + " and META-INF/native-image/ of its jar when jars are shaded, and include it in a native image");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
