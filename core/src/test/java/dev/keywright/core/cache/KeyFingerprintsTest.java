package dev.keywright.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.core.cache.KeyFingerprints.Fingerprint;
import dev.keywright.core.format.KeyTextFormat;
import dev.keywright.core.format.KeyTextFormats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFingerprintsTest {

    private static final KeyTextFormats FORMATS =
            KeyTextFormats.of(List.of(new KeyTextFormat("ck_", null), new KeyTextFormat("acme_live_", null)));
    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    /** Vector of the reference implementation for an empty message: a3817f04ba25a8e66df67214c7550293. */
    @Test
    void fingerprintOfEmptyTextIsTheReferenceVector() {
        assertThat(new KeyFingerprints(FORMATS, 0, 0, KEY_0, KEY_1).of(""))
                .isEqualTo(new Fingerprint(
                        Long.reverseBytes(0xa3817f04ba25a8e6L), Long.reverseBytes(0x6df67214c7550293L)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 34, 35, 36, 63, 64, 544})
    void fingerprintIsTheSipHashOfTheText(int length) {
        Random random = new Random(length);
        for (int i = 0; i < 100; i++) {
            String text = random.ints(length, ' ', 127)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            long key0 = random.nextLong();
            long key1 = random.nextLong();

            assertThat(new KeyFingerprints(FORMATS, 0, 0, key0, key1).of(text))
                    .isEqualTo(byBouncyCastle(key0, key1, text));
        }
    }

    /** The number distinguishes texts that differ in their prefixes only. */
    @ParameterizedTest
    @CsvSource({"0, ck_", "1, acme_live_"})
    void issuedKeysAreHashedWithTheNumberOfTheirFormatUnderAnotherKey(char number, String prefix) {
        Random random = new Random(20260301);
        for (int i = 0; i < 100; i++) {
            String body = random.ints(32, 0, 36)
                    .map(digit -> Character.forDigit(digit, 36))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(new KeyFingerprints(FORMATS, KEY_0, KEY_1, 0, 0).of(prefix + body))
                    .isEqualTo(byBouncyCastle(KEY_0, KEY_1, body + (char) (number - '0')));
        }
    }

    private static Fingerprint byBouncyCastle(long key0, long key1, String text) {
        byte[] key = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(key0)
                .putLong(key1)
                .array();
        SipHash128 hash = new SipHash128(2, 4);
        hash.init(new KeyParameter(key));
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        hash.update(ascii, 0, ascii.length);
        byte[] result = new byte[16];
        hash.doFinal(result, 0);
        ByteBuffer numbers = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        return new Fingerprint(numbers.getLong(), numbers.getLong());
    }
}
