package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void defaultsArePort8080AndPortalData() {
        assertThat(Options.of()).isEqualTo(new Options(8080, Path.of("portal-data"), false));
    }

    @Test
    void optionsAreAcceptedInAnyOrder() {
        Options expected = new Options(65_535, Path.of("somewhere"), false);
        assertThat(Options.of("--port", "65535", "--data", "somewhere")).isEqualTo(expected);
        assertThat(Options.of("--data", "somewhere", "--port", "65535")).isEqualTo(expected);
        assertThat(Options.of("--port", "0").port()).isZero();
        assertThat(Options.of("--help").help()).isTrue();
    }

    @Test
    void usageNamesTheOptionsAndDefaults() {
        assertThat(Options.USAGE).contains("Usage: ", "--port PORT", "--data DIR", "--help", "8080", "./portal-data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--prot 8080",
                "8080",
                "-h",
                "--port",
                "--port eighty",
                "--port -1",
                "--port +1",
                "--port 65536",
                "--port 99999999999",
                "--port \uFF18\uFF10",
                "--data",
                "--data a;b"
            })
    void invalidOptionIsRejectedByName(String options) {
        String[] words = options.split(" ");
        assertThatThrownBy(() -> Options.of(words))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(words[0])
                .hasMessageEndingWith(".");
    }
}
