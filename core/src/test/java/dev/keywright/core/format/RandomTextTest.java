package dev.keywright.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RandomTextTest {

    /** Source that returns the bytes 0 to 255 in turn. */
    private static final class EachByteInTurn extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private int next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) next++;
            }
        }
    }

    @Test
    void charactersAreUniformlyDistributed() {
        // One call draws exactly the 256 bytes, of which the last four are thrown away.
        String text = new RandomText(new EachByteInTurn()).draw(252);

        Map<Integer, Long> counts =
                text.chars().boxed().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(counts)
                .hasSize(36)
                .allSatisfy((character, count) -> assertThat(count).isEqualTo(7L));
        assertThat(text).matches("[0-9a-z]*");
    }

    @Test
    void biasedBytesAreDiscarded() {
        SecureRandom highThenLow = new SecureRandom() {
            private static final long serialVersionUID = 1L;
            private int calls;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, calls++ == 0 ? (byte) 252 : (byte) 35);
            }
        };

        assertThat(new RandomText(highThenLow).draw(28)).isEqualTo("z".repeat(28));
    }
}
