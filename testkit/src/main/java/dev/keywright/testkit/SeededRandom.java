package dev.keywright.testkit;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.Random;

/** Deterministic source of bytes: the same seed gives the same bytes on every platform. For tests only. */
final class SeededRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;

    SeededRandom(long seed) {
        super(new Sequence(seed), null);
    }

    private static final class Sequence extends SecureRandomSpi {

        private static final long serialVersionUID = 1L;

        private final Random random;

        Sequence(long seed) {
            this.random = new Random(seed);
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }

        /** Does nothing, since an additional seed could differ between runs. */
        @Override
        protected void engineSetSeed(byte[] seed) {}

        @Override
        protected byte[] engineGenerateSeed(int count) {
            byte[] bytes = new byte[count];
            engineNextBytes(bytes);
            return bytes;
        }
    }
}
