package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcOptionsTest {

    private final JdbcOptions options = JdbcOptions.defaults();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "_keys",
                "1keys",
                "Keys",
                "keys-",
                "keys ",
                "keys\n",
                "other.keys",
                "\"keys\"",
                "`keys`",
                "k\u0131ys",
                "keys\0",
                "key; DROP TABLE keywright_key; --",
                "key/**/",
                "thirty_one_characters_are_one__"
            })
    void invalidPrefixIsRefusedAndNotQuoted(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.tablePrefix(prefix))
                .withMessageContaining("tablePrefix must be")
                .satisfies(e -> assertThat(prefix.isBlank()
                                || !String.valueOf(e.getMessage()).contains(prefix))
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "keywright_", "portal_2_", "thirty_characters_are_allowed_"})
    void validPrefixIsAccepted(String prefix) {
        assertThat(options.tablePrefix(prefix).tablePrefix()).isEqualTo(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999S", "PT1H0.001S", "P365D"})
    void timeoutOutOfRangeIsRefused(Duration timeout) {
        assertThatIllegalArgumentException().isThrownBy(() -> options.timeout(timeout));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT2.5S", "PT1H"})
    void timeoutInRangeIsAccepted(Duration timeout) {
        assertThat(options.timeout(timeout).timeout()).isEqualTo(timeout);
    }

    @Test
    void optionsAreImmutableAndIndependent() {
        JdbcOptions chosen = options.dialect(JdbcDialect.H2)
                .tablePrefix("portal_")
                .timeout(Duration.ofSeconds(3))
                .dialect(JdbcDialect.SQLITE);

        assertThat(chosen.dialect()).isEqualTo(JdbcDialect.SQLITE);
        assertThat(chosen.tablePrefix()).isEqualTo("portal_");
        assertThat(chosen.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.dialect()).isNull();
        assertThat(options.tablePrefix()).isEqualTo("keywright_");
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> options.dialect(null));
        assertThatNullPointerException().isThrownBy(() -> options.tablePrefix(null));
        assertThatNullPointerException().isThrownBy(() -> options.timeout(null));
        assertThatNullPointerException().isThrownBy(() -> JdbcSchema.install(H2.inMemory(), null));
        assertThatNullPointerException().isThrownBy(() -> JdbcKeyStore.on(H2.inMemory(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "h2", "MySQL", "MariaDB", "PostgreSQL", "SQLite", "SQLITE"})
    void dialectIsChosenByProductName(String product) {
        String dialect = JdbcDialect.of(product).name();

        assertThat(product.equalsIgnoreCase("MariaDB") ? "MYSQL" : product).isEqualToIgnoringCase(dialect);
    }
}
