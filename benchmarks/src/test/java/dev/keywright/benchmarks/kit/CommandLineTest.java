package dev.keywright.benchmarks.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    private record Some(int keys, double seconds, List<Integer> nodes, String database) {}

    @Test
    void whatIsNotSaidIsAsEver() {
        assertThat(some()).isEqualTo(new Some(10, 2, List.of(1, 2), "h2"));
        assertThat(some("--nodes", "3,4", "--seconds", "0.5")).isEqualTo(new Some(10, 0.5, List.of(3, 4), "h2"));
    }

    @ParameterizedTest
    @CsvSource({
        "--kings 7, there is no option --kings",
        "--keys, nothing follows --keys",
        "--keys many, '--keys is a number, and not many'",
        "'--nodes 1,', '--nodes is a number, and not 1,'"
    })
    void whatIsWrongIsSaid(String words, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> some(words.split(" ", -1)))
                .withMessage(sentence);
    }

    private static Some some(String... words) {
        return CommandLine.read(
                words,
                line -> new Some(
                        line.number("--keys", 10),
                        line.amount("--seconds", 2),
                        line.numbers("--nodes", 1, 2),
                        line.text("--database", "h2")));
    }
}
