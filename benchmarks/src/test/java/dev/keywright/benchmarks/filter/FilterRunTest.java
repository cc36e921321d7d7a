package dev.keywright.benchmarks.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each container answers as it should, and the cache answered our filter: otherwise the run fails. How fast, no test says. */
@Timeout(120)
class FilterRunTest {

    @Test
    void requestsAreMeasuredWithAndWithoutFilters() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        FilterOptions options = FilterOptions.of("--clients", "2", "--rounds", "2", "--millis", "30", "--keys", "20");

        FilterRun.run(options, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("| a request | no filter | `ApiKeyFilter` | by hand |")
                .contains("| more than without a filter, B | 0.0 |");
    }

    @Test
    void figuresOfTheProjectAreMadeWithTwoClientsWhereNothingIsSaid() {
        assertThat(FilterOptions.of()).hasToString("--clients 2 --rounds 40 --millis 400 --keys 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--clients 0", "--rounds 0", "--millis 0", "--keys 0", "--keys many", "--speed 9", "--rounds"})
    void whatMakesNoSenseIsRefused(String some) {
        assertThatIllegalArgumentException().isThrownBy(() -> FilterOptions.of(some.split(" ", -1)));
    }
}
