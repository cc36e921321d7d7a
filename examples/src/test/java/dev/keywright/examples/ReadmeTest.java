package dev.keywright.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.Pepper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The code in the README is the code that the tests compile and run. */
class ReadmeTest {

    private static final Path QUICK_START =
            Path.of("src", "test", "java", "dev", "keywright", "examples", "QuickStartTest.java");
    private static final Path YEAR =
            Path.of("src", "test", "java", "dev", "keywright", "examples", "AYearWithAKeyTest.java");
    private static final Path README = Path.of("..", "README.md");
    private static final Path PEPPERS = Path.of("..", "docs", "peppers.md");
    private static final Path PARENT = Path.of("..", "pom.xml");

    @Test
    void firstJavaBlockIsTheQuickStart() throws IOException {
        String snippet = between(QUICK_START, "// readme:start\n", "// readme:end");
        assertThat(withoutWhitespace(between(README, "```java\n", "```"))).isEqualTo(withoutWhitespace(snippet));
    }

    @Test
    void yearWithAKeyIsTheTestedCode() throws IOException {
        String snippet = Pattern.compile("// year:start\n(.*?)// year:end", Pattern.DOTALL)
                .matcher(Files.readString(YEAR).replace("\r\n", "\n"))
                .results()
                .map(shown -> shown.group(1))
                .collect(Collectors.joining());
        assertThat(snippet).contains("rotate(");
        assertThat(withoutWhitespace(between(README, "## A year with a key\n\n```java\n", "```")))
                .isEqualTo(withoutWhitespace(snippet));
    }

    @Test
    void firstDependencyBlockHasTheVersionOfTheBuild() throws IOException {
        String dependency = between(README, "```xml\n", "```");
        assertThat(dependency).contains("<groupId>dev.keywright</groupId>", "<artifactId>keywright-core</artifactId>");
        assertThat(between(dependency, "<version>", "</version>"))
                .isEqualTo(between(PARENT, "<artifactId>keywright-parent</artifactId>\n  <version>", "</version>"));
    }

    @Test
    void peppersAreMadeByTheSameCommandEverywhere() throws IOException {
        String command = between(README, "```sh\n", "\n```");
        assertThat(command).startsWith("openssl ");
        assertThat(between(PEPPERS, "## Make\n\n```sh\n", "\n```")).isEqualTo(command);
        assertThat(between(PEPPERS, "set -C; ", " > pepper)\n```")).isEqualTo(command);
    }

    /** The variable is set by {@code .ci/run}, to the output of the README's command. */
    @Test
    @EnabledIfEnvironmentVariable(named = "KEYWRIGHT_PEPPER", matches = ".*")
    void pepperOfTheReadmesCommandIsAccepted() {
        assertThat(Pepper.fromEnvironment("KEYWRIGHT_PEPPER").toString()).matches("Pepper\\[[0-9a-f]{16}]");
    }

    /** Removes white space: the formatter breaks lines differently than the README. */
    private static String withoutWhitespace(String code) {
        return code.replaceAll("\\s", "");
    }

    private static String between(Path file, String start, String end) throws IOException {
        return between(Files.readString(file).replace("\r\n", "\n"), start, end);
    }

    private static String between(String text, String start, String end) {
        Matcher found = Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        assertThat(found.find()).as("something between %s and %s", start, end).isTrue();
        return found.group(1);
    }
}
