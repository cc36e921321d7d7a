package dev.keywright.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Statements that create the schema of a database, from a file of the jar, and the version that they create. */
record SchemaFile(String path, List<String> statements) {

    static final int VERSION = 1;

    private static final String NAME = "V1__keywright.sql";

    static SchemaFile of(Dialect dialect) {
        return read(dialect.folder() + "/" + NAME);
    }

    /** Reads a file, which has no semicolon in a literal or a comment, and no comment after a statement on the same line. */
    static SchemaFile read(String path) {
        String withoutComments = content(path).replaceAll("(?m)^\\s*--.*$", "");
        return new SchemaFile(
                path,
                Arrays.stream(withoutComments.split(";"))
                        .map(String::strip)
                        .filter(statement -> !statement.isEmpty())
                        .toList());
    }

    private static String content(String path) {
        try (InputStream in = SchemaFile.class.getResourceAsStream("/" + path)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + path + " of keywright-jdbc-store is missing: keep META-INF/keywright/ and"
                                + " META-INF/native-image/ of its jar when jars are shaded, and include"
                                + " it in a native image");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
