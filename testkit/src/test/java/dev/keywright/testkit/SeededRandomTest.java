package dev.keywright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

    @Test
    void sameSeedGivesTheSameBytes() {
        SecureRandom random = new SeededRandom(42);

        assertThat(bytes(random)).asHexString().isEqualTo("359D41BAF78AFE0D");
        assertThat(bytes(random)).asHexString().isEqualTo("E1BBE7AE28C0450C");
    }

    @Test
    void anotherSeedGivesOtherBytes() {
        assertThat(bytes(new SeededRandom(42))).isNotEqualTo(bytes(new SeededRandom(43)));
    }

    @Test
    void additionalSeedIsIgnored() {
        SecureRandom random = new SeededRandom(42);

        random.setSeed(new byte[] {1, 2, 3});

        assertThat(bytes(random)).isEqualTo(bytes(new SeededRandom(42)));
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return bytes;
    }
}
