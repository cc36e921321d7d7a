package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Metadata of resources for GraalVM's native-image. */
class NativeImageTest {

    private static final Path CLASSES = Path.of("target", "classes");

    @Test
    void everySchemaFileIsIncluded() throws Exception {
        String metadata = Files.readString(
                CLASSES.resolve("META-INF/native-image/dev.keywright/keywright-jdbc-store/resource-config.json"));
        List<Pattern> kept = Pattern.compile("\"pattern\"\\s*:\\s*\"([^\"]+)\"")
                .matcher(metadata)
                .results()
                .map((MatchResult result) -> Pattern.compile(result.group(1).replace("\\\\", "\\")))
                .toList();
        List<String> files;
        try (Stream<Path> all = Files.walk(CLASSES.resolve("META-INF/keywright"))) {
            files = all.filter(Files::isRegularFile)
                    .map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }

        assertThat(files).hasSizeGreaterThanOrEqualTo(JdbcDialect.values().length);
        assertThat(files)
                .allSatisfy(file -> assertThat(kept)
                        .anyMatch(pattern -> pattern.matcher(file).matches()));
    }
}
